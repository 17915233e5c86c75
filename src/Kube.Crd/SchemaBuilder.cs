using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using IrisOperator.Kube.Runtime.Schema;
using k8s.Models;

namespace IrisOperator.Kube.Crd;

/// <summary>OpenAPI v3 schemas of C# types, as far as Kubernetes calls them structural.</summary>
internal static class SchemaBuilder
{
    /// <summary>The schema of a whole custom resource: apiVersion, kind and metadata are the server's, so they are only named.</summary>
    public static V1JSONSchemaProps BuildRoot(Type type)
    {
        var schema = new V1JSONSchemaProps
        {
            Description = type.GetCustomAttribute<DescriptionAttribute>()?.Text,
            Type = "object",
            Properties = new Dictionary<string, V1JSONSchemaProps>
            {
                ["apiVersion"] = new() { Type = "string" },
                ["kind"] = new() { Type = "string" },
                ["metadata"] = new() { Type = "object" },
            },
        };
        foreach (var property in JsonProperties(type).Where(p => !schema.Properties.ContainsKey(JsonName(p))).ToList())
        {
            AddProperty(schema, property, [type]);
        }

        return schema;
    }

    private static V1JSONSchemaProps BuildObject(Type type, IReadOnlyList<Type> path)
    {
        if (path.Contains(type))
        {
            throw new SchemaException($"{Name(path)}: {type.Name} contains itself, and a structural schema cannot refer back");
        }

        var schema = new V1JSONSchemaProps
        {
            Description = type.GetCustomAttribute<DescriptionAttribute>()?.Text,
            Type = "object",
            Properties = new Dictionary<string, V1JSONSchemaProps>(),
        };
        foreach (var property in JsonProperties(type))
        {
            AddProperty(schema, property, [.. path, type]);
        }

        return schema.Properties.Count > 0
            ? schema
            : throw new SchemaException($"{Name(path)}: {type.Name} has no schema: the server would drop every field of it");
    }

    private static void AddProperty(V1JSONSchemaProps parent, PropertyInfo property, IReadOnlyList<Type> path)
    {
        try
        {
            var nullability = new NullabilityInfoContext().Create(property);
            var schema = Build(property.PropertyType, property.GetCustomAttribute<NumberOrStringAttribute>(), path);
            Constraints.Apply(schema, property);
            parent.Properties[JsonName(property)] = schema;
            if (property.IsDefined(typeof(RequiredAttribute))
                || (nullability.ReadState == NullabilityState.NotNull && schema.DefaultProperty is null))
            {
                (parent.Required ??= []).Add(JsonName(property));
            }
        }
        catch (SchemaException e) when (!e.Message.StartsWith(path[0].Name, StringComparison.Ordinal))
        {
            throw new SchemaException($"{Name(path)}.{property.Name}: {e.Message}");
        }
    }

    private static V1JSONSchemaProps Build(Type type, NumberOrStringAttribute? number, IReadOnlyList<Type> path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalars.Find(type, number) is { } scalar)
        {
            return scalar;
        }

        if (ItemOf(type, typeof(IReadOnlyDictionary<,>)) is { } value)
        {
            return new V1JSONSchemaProps { Type = "object", AdditionalProperties = Build(value, number, path) };
        }

        if (ItemOf(type, typeof(IReadOnlyCollection<>)) is { } item)
        {
            return new V1JSONSchemaProps { Type = "array", Items = Build(item, number, path) };
        }

        if (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true)
        {
            throw new SchemaException($"{type.Name} has no schema");
        }

        return BuildObject(type, path);
    }

    /// <summary>The last type argument of the interface, which is a list's item or a map's value.</summary>
    private static Type? ItemOf(Type type, Type openInterface)
    {
        var closed = type.GetInterfaces().Append(type)
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == openInterface);
        if (closed is not null && openInterface == typeof(IReadOnlyDictionary<,>) && closed.GenericTypeArguments[0] != typeof(string))
        {
            throw new SchemaException("the keys of a map are strings");
        }

        return closed?.GenericTypeArguments[^1];
    }

    private static IEnumerable<PropertyInfo> JsonProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition != JsonIgnoreCondition.Always);

    private static string JsonName(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static string Name(IReadOnlyList<Type> path) => string.Join('.', path.Select(t => t.Name));
}
