using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IrisOperator.Kube.Schema;

namespace IrisOperator.Kube.Crd;

/// <summary>OpenAPI v3 schemas of C# types, as far as Kubernetes calls them structural.</summary>
internal static class SchemaBuilder
{
    /// <summary>The schema of a whole custom resource: apiVersion, kind and metadata are the server's, so they are only named.</summary>
    public static JsonObject BuildRoot(Type type)
    {
        var properties = new JsonObject
        {
            ["apiVersion"] = new JsonObject { ["type"] = "string" },
            ["kind"] = new JsonObject { ["type"] = "string" },
            ["metadata"] = new JsonObject { ["type"] = "object" },
        };
        var required = new JsonArray();
        foreach (var property in JsonProperties(type).Where(p => !properties.ContainsKey(JsonName(p))))
        {
            AddProperty(properties, required, property, [type]);
        }

        return Object(type.GetCustomAttribute<DescriptionAttribute>()?.Text, properties, required);
    }

    private static JsonObject BuildObject(Type type, IReadOnlyList<Type> path)
    {
        if (path.Contains(type))
        {
            throw new SchemaException($"{Name(path)}: {type.Name} contains itself, and a structural schema cannot refer back");
        }

        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in JsonProperties(type))
        {
            AddProperty(properties, required, property, [.. path, type]);
        }

        return properties.Count > 0
            ? Object(type.GetCustomAttribute<DescriptionAttribute>()?.Text, properties, required)
            : throw new SchemaException($"{Name(path)}: {type.Name} has no schema: the server would drop every field of it");
    }

    private static JsonObject Object(string? description, JsonObject properties, JsonArray required)
    {
        var schema = new JsonObject();
        if (description is not null)
        {
            schema["description"] = description;
        }

        schema["type"] = "object";
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        schema["properties"] = properties;
        return schema;
    }

    private static void AddProperty(JsonObject properties, JsonArray required, PropertyInfo property, IReadOnlyList<Type> path)
    {
        try
        {
            var nullability = new NullabilityInfoContext().Create(property);
            var schema = Build(property.PropertyType, property.IsDefined(typeof(QuantityAttribute)), path);
            Constraints.Apply(schema, property);
            properties[JsonName(property)] = schema;
            if (property.IsDefined(typeof(RequiredAttribute))
                || (nullability.ReadState == NullabilityState.NotNull && !schema.ContainsKey("default")))
            {
                required.Add(JsonName(property));
            }
        }
        catch (SchemaException e) when (!e.Message.StartsWith(path[0].Name, StringComparison.Ordinal))
        {
            throw new SchemaException($"{Name(path)}.{property.Name}: {e.Message}");
        }
    }

    private static JsonObject Build(Type type, bool quantity, IReadOnlyList<Type> path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalars.Find(type, quantity) is { } scalar)
        {
            return scalar;
        }

        if (WellKnownSchemas.Find(type) is { } known)
        {
            return known;
        }

        if (ItemOf(type, typeof(IReadOnlyDictionary<,>)) is { } value)
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Build(value, quantity, path) };
        }

        if (ItemOf(type, typeof(IReadOnlyCollection<>)) is { } item)
        {
            return new JsonObject { ["type"] = "array", ["items"] = Build(item, quantity, path) };
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
