using System.Reflection;
using System.Text.Json.Serialization;
using IrisOperator.Kube.Runtime.Schema;
using k8s.Models;

namespace IrisOperator.Kube.Crd;

/// <summary>Types without members of ours: scalars, and types of Kubernetes whose constraints are fixed by its API machinery.</summary>
internal static class Scalars
{
    // resource.Quantity's own grammar: a signed decimal with a binary, decimal or exponent suffix.
    private const string QuantityPattern =
        @"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

    /// <param name="number">Set where a text may be written as a number.</param>
    public static V1JSONSchemaProps? Find(Type type, NumberOrStringAttribute? number) => type switch
    {
        _ when type == typeof(IntOrString) => IntOrString(),
        _ when type == typeof(V1Condition) => Condition(),
        _ when type == typeof(V1ResourceRequirements) => ResourceRequirements(),
        _ when type == typeof(string) && number is not null => NumberOrString(number is QuantityAttribute ? QuantityPattern : null),
        _ when type == typeof(string) => new() { Type = "string" },
        _ when type.IsEnum => Enumeration(type),
        _ when type == typeof(bool) => new() { Type = "boolean" },
        _ when type == typeof(int) => new() { Type = "integer", Format = "int32" },
        _ when type == typeof(long) => new() { Type = "integer", Format = "int64" },
        _ when type == typeof(double) => new() { Type = "number", Format = "double" },
        _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => new() { Type = "string", Format = "date-time" },
        _ => null,
    };

    private static V1JSONSchemaProps IntOrString() => new()
    {
        AnyOf = [new() { Type = "integer" }, new() { Type = "string" }],
        XKubernetesIntOrString = true,
    };

    // A structural schema knows int-or-string, which refuses 0.5, and no other choice of types: so any type but those that are excluded.
    private static V1JSONSchemaProps NumberOrString(string? pattern) => new()
    {
        XKubernetesPreserveUnknownFields = true,
        Pattern = pattern,
        MinProperties = 1,
        MaxProperties = 0,
        MinItems = 1,
        MaxItems = 0,
        Not = new V1JSONSchemaProps { EnumProperty = [true, false] },
    };

    private static V1JSONSchemaProps Enumeration(Type type)
    {
        var names = type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? f.Name);
        return new() { Type = "string", EnumProperty = [.. names] };
    }

    // metav1.Condition, with the bounds that apimachinery's own markers give it.
    private static V1JSONSchemaProps Condition() => new()
    {
        Type = "object",
        Required = ["type", "status", "lastTransitionTime", "reason", "message"],
        Properties = new Dictionary<string, V1JSONSchemaProps>
        {
            ["type"] = new() { Description = "The condition's name.", Type = "string", MaxLength = 316 },
            ["status"] = new()
            {
                Description = "True, False or Unknown.",
                Type = "string",
                EnumProperty = ["True", "False", "Unknown"],
            },
            ["observedGeneration"] = new()
            {
                Description = "The metadata.generation this was computed for.",
                Type = "integer",
                Format = "int64",
                Minimum = 0,
            },
            ["lastTransitionTime"] = new()
            {
                Description = "When the status last changed from one value to another.",
                Type = "string",
                Format = "date-time",
            },
            ["reason"] = new()
            {
                Description = "One word for programs.",
                Type = "string",
                MinLength = 1,
                MaxLength = 1024,
                Pattern = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
            },
            ["message"] = new() { Description = "A sentence for people.", Type = "string", MaxLength = 32768 },
        },
    };

    private static V1JSONSchemaProps ResourceRequirements()
    {
        return new()
        {
            Type = "object",
            Properties = new Dictionary<string, V1JSONSchemaProps>
            {
                ["limits"] = Quantities("The most the container may use, by resource name."),
                ["requests"] = Quantities("What the scheduler reserves for the container, by resource name."),
            },
        };

        static V1JSONSchemaProps Quantities(string description) =>
            new() { Description = description, Type = "object", AdditionalProperties = NumberOrString(QuantityPattern) };
    }
}
