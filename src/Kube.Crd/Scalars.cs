using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace IrisOperator.Kube.Crd;

internal static class Scalars
{
    // resource.Quantity's own grammar: a signed decimal with a binary, decimal or exponent suffix.
    private const string QuantityPattern =
        @"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

    public static JsonObject? Find(Type type, bool quantity)
    {
        if (type == typeof(IntOrString))
        {
            return IntOrString(quantity);
        }

        if (type == typeof(string))
        {
            return quantity ? Typed("string", pattern: QuantityPattern) : Typed("string");
        }

        if (type.IsEnum)
        {
            return Enumeration(type);
        }

        return type switch
        {
            _ when type == typeof(bool) => Typed("boolean"),
            _ when type == typeof(int) => Typed("integer", "int32"),
            _ when type == typeof(long) => Typed("integer", "int64"),
            _ when type == typeof(double) => Typed("number", "double"),
            _ when type == typeof(DateTimeOffset) => Typed("string", "date-time"),
            _ => null,
        };
    }

    /// <summary>Written with and without quotes, as <c>cpu: 1</c> and <c>cpu: 500m</c>.</summary>
    public static JsonObject IntOrString(bool quantity)
    {
        var schema = new JsonObject
        {
            ["anyOf"] = new JsonArray(Typed("integer"), Typed("string")),
            ["x-kubernetes-int-or-string"] = true,
        };
        if (quantity)
        {
            schema["pattern"] = QuantityPattern;
        }

        return schema;
    }

    private static JsonObject Enumeration(Type type)
    {
        var names = type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (JsonNode)(f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? f.Name));
        return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. names]) };
    }

    private static JsonObject Typed(string type, string? format = null, string? pattern = null)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format is not null)
        {
            schema["format"] = format;
        }

        if (pattern is not null)
        {
            schema["pattern"] = pattern;
        }

        return schema;
    }
}
