using System.Reflection;
using IrisOperator.Kube.Runtime.Schema;
using k8s.Models;

namespace IrisOperator.Kube.Crd;

/// <summary>Adds what the attributes of a property say to the schema of its type.</summary>
internal static class Constraints
{
    public static void Apply(V1JSONSchemaProps schema, PropertyInfo property)
    {
        Describe(schema, property);
        Bound(schema, property);
        Length(schema, property);
        Values(schema, property);
        ListMap(schema, property);
        Default(schema, property);
    }

    private static void Describe(V1JSONSchemaProps schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
        {
            schema.Description = description.Text;
        }
    }

    private static void Bound(V1JSONSchemaProps schema, PropertyInfo property)
    {
        var minimum = property.GetCustomAttribute<MinimumAttribute>();
        var maximum = property.GetCustomAttribute<MaximumAttribute>();
        if (minimum is null && maximum is null)
        {
            return;
        }

        Demand(schema.Type is "integer" or "number", "a bound needs a number");
        schema.Minimum = minimum?.Value;
        schema.Maximum = maximum?.Value;
    }

    private static void Length(V1JSONSchemaProps schema, PropertyInfo property)
    {
        long? shortest = property.GetCustomAttribute<MinLengthAttribute>()?.Value;
        long? longest = property.GetCustomAttribute<MaxLengthAttribute>()?.Value;
        switch (schema.Type)
        {
            case "string":
                (schema.MinLength, schema.MaxLength) = (shortest, longest);
                break;
            case "array":
                (schema.MinItems, schema.MaxItems) = (shortest, longest);
                break;
            case "object" when schema.AdditionalProperties is not null:
                (schema.MinProperties, schema.MaxProperties) = (shortest, longest);
                break;
            default:
                Demand(shortest is null && longest is null, "a length needs a string, a list or a map");
                break;
        }
    }

    private static void Values(V1JSONSchemaProps schema, PropertyInfo property)
    {
        var target = schema.Items as V1JSONSchemaProps ?? schema.AdditionalProperties as V1JSONSchemaProps ?? schema;
        if (property.GetCustomAttribute<PatternAttribute>() is { } pattern)
        {
            Demand(target.Type == "string" || target.XKubernetesPreserveUnknownFields == true, "a pattern needs a string");
            target.Pattern = pattern.Expression;
        }

        if (property.GetCustomAttribute<EnumerationAttribute>() is { } enumeration)
        {
            Demand(target.Type == "string", "an enumeration needs a string");
            target.EnumProperty = [.. enumeration.Values];
        }
    }

    private static void ListMap(V1JSONSchemaProps schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<ListMapKeyAttribute>() is not { } map)
        {
            return;
        }

        Demand(
            (schema.Items as V1JSONSchemaProps)?.Required?.Contains(map.Key) == true,
            $"the key {map.Key} must be a required field of the items");
        schema.XKubernetesListType = "map";
        schema.XKubernetesListMapKeys = [map.Key];
    }

    private static void Default(V1JSONSchemaProps schema, PropertyInfo property)
    {
        if (property.IsDefined(typeof(DefaultEmptyObjectAttribute)))
        {
            Demand(schema.Type == "object", "{} needs an object");
            Demand(schema.Required is null, "{} lacks the required fields");
            schema.DefaultProperty = new Dictionary<string, object>();
        }

        if (property.GetCustomAttribute<DefaultAttribute>() is not { Value: var value })
        {
            return;
        }

        Demand(
            (schema.Type, value) is
                ("string" or null, string) or ("boolean", bool) or ("integer", int or long) or ("number", int or double),
            $"the default {value} is not of type {schema.Type}");
        schema.DefaultProperty = value;
    }

    private static void Demand(bool condition, string message)
    {
        if (!condition)
        {
            throw new SchemaException(message);
        }
    }
}
