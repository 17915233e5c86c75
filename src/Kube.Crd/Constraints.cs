using System.Reflection;
using System.Text.Json.Nodes;
using IrisOperator.Kube.Schema;

namespace IrisOperator.Kube.Crd;

/// <summary>Adds what the attributes of a property say to the schema of its type.</summary>
internal static class Constraints
{
    public static void Apply(JsonObject schema, PropertyInfo property)
    {
        Describe(schema, property);
        Bound(schema, property);
        Length(schema, property);
        Values(schema, property);
        ListMap(schema, property);
        Default(schema, property);
    }

    private static void Describe(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
        {
            schema.Remove("description");
            schema.Insert(0, "description", description.Text);
        }
    }

    private static void Bound(JsonObject schema, PropertyInfo property)
    {
        var minimum = property.GetCustomAttribute<MinimumAttribute>();
        var maximum = property.GetCustomAttribute<MaximumAttribute>();
        if (minimum is null && maximum is null)
        {
            return;
        }

        Demand(TypeOf(schema) is "integer" or "number", "a bound needs a number");
        Set(schema, "minimum", minimum is null ? null : Number(minimum.Value));
        Set(schema, "maximum", maximum is null ? null : Number(maximum.Value));
    }

    private static void Length(JsonObject schema, PropertyInfo property)
    {
        var unit = TypeOf(schema) switch
        {
            "string" => "Length",
            "array" => "Items",
            "object" when schema.ContainsKey("additionalProperties") => "Properties",
            _ => null,
        };
        var shortest = property.GetCustomAttribute<MinLengthAttribute>();
        var longest = property.GetCustomAttribute<MaxLengthAttribute>();
        Demand(unit is not null || (shortest is null && longest is null), "a length needs a string, a list or a map");
        Set(schema, "min" + unit, shortest?.Value);
        Set(schema, "max" + unit, longest?.Value);
    }

    private static void Values(JsonObject schema, PropertyInfo property)
    {
        var target = schema["items"] as JsonObject ?? schema["additionalProperties"] as JsonObject ?? schema;
        if (property.GetCustomAttribute<PatternAttribute>() is { } pattern)
        {
            Demand(TypeOf(target) == "string", "a pattern needs a string");
            Set(target, "pattern", pattern.Expression);
        }

        if (property.GetCustomAttribute<EnumerationAttribute>() is { } enumeration)
        {
            Demand(TypeOf(target) == "string", "an enumeration needs a string");
            Set(target, "enum", new JsonArray([.. enumeration.Values.Select(value => (JsonNode)value)]));
        }
    }

    private static void ListMap(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<ListMapKeyAttribute>() is not { } map)
        {
            return;
        }

        var required = schema["items"]?["required"] as JsonArray;
        Demand(
            required?.Any(name => name?.GetValue<string>() == map.Key) == true,
            $"the key {map.Key} must be a required field of the items");
        Set(schema, "x-kubernetes-list-type", "map");
        Set(schema, "x-kubernetes-list-map-keys", new JsonArray(map.Key));
    }

    private static void Default(JsonObject schema, PropertyInfo property)
    {
        if (property.IsDefined(typeof(DefaultEmptyObjectAttribute)))
        {
            Demand(TypeOf(schema) == "object", "{} needs an object");
            Demand(!schema.ContainsKey("required"), "{} lacks the required fields");
            Set(schema, "default", new JsonObject());
        }

        if (property.GetCustomAttribute<DefaultAttribute>() is not { Value: var value })
        {
            return;
        }

        Demand(
            (TypeOf(schema), value) is ("string", string) or ("boolean", bool) or ("integer", int or long) or ("number", int or double),
            $"the default {value} is not of type {TypeOf(schema)}");
        Set(schema, "default", value is double number ? Number(number) : JsonValue.Create(value));
    }

    private static JsonNode Number(double value) => value == Math.Floor(value) ? (long)value : value;

    private static string? TypeOf(JsonObject schema) => schema["type"]?.GetValue<string>();

    private static void Set(JsonObject schema, string name, JsonNode? value)
    {
        if (value is not null)
        {
            schema[name] = value;
        }
    }

    private static void Demand(bool condition, string message)
    {
        if (!condition)
        {
            throw new SchemaException(message);
        }
    }
}
