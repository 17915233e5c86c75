using System.Text.Json.Nodes;

namespace IrisOperator.Kube.Crd.Tests;

public sealed class SchemaTests
{
    private const string Quantity =
        @"""^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$""";

    private const string NumberOrString =
        """
        "x-kubernetes-preserve-unknown-fields": true, "minProperties": 1, "maxProperties": 0, "minItems": 1, "maxItems": 0,
        "not": {"enum": [true, false]}
        """;

    private const string NestedBody =
        """
        "type": "object", "required": ["key"], "properties": {"key": {"type": "string"}, "optional": {"type": "string"}}
        """;

    private static readonly JsonObject Spec =
        Yaml.ToJson(CrdBuilder.Build(typeof(Sample)))["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!
            .AsObject();

    public static TheoryData<string, string> Matrix => new()
    {
        { "text", """{"type": "string"}""" },
        { "flag", """{"type": "boolean"}""" },
        { "number", """{"type": "integer", "format": "int32"}""" },
        { "long", """{"type": "integer", "format": "int64"}""" },
        { "real", """{"type": "number", "format": "double"}""" },
        { "time", """{"type": "string", "format": "date-time"}""" },
        { "color", """{"type": "string", "enum": ["Red", "dark-blue"]}""" },
        { "port", """{"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": true}""" },
        { "size", $$$"""{ {{{NumberOrString}}}, "pattern": {{{Quantity}}}}""" },
        { "rate", $$$"""{ {{{NumberOrString}}}, "default": "0.01"}""" },
        { "list", """{"type": "array", "items": {"type": "string"}}""" },
        { "array", """{"type": "array", "items": {"type": "string"}}""" },
        { "objects", $$$"""{"type": "array", "items": {"description": "From the class.", {{{NestedBody}}}}}""" },
        { "map", """{"type": "object", "additionalProperties": {"type": "string"}}""" },
        { "counts", """{"type": "object", "additionalProperties": {"type": "integer", "format": "int32"}}""" },
        { "objectMap", $$$"""{"type": "object", "additionalProperties": {"description": "From the class.", {{{NestedBody}}}}}""" },
        { "listMap", """{"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}""" },
        { "concrete", """{"type": "object", "additionalProperties": {"type": "boolean"}}""" },
        {
            "quantities",
            $$$"""{"type": "object", "additionalProperties": { {{{NumberOrString}}}, "pattern": {{{Quantity}}}}}"""
        },
        { "nested", $$$"""{"description": "From the class.", {{{NestedBody}}}}""" },
        { "described", $$$"""{"description": "From the property.", {{{NestedBody}}}}""" },
        { "renamed-field", """{"type": "string"}""" },
        { "bounded", """{"type": "integer", "format": "int32", "minimum": 0, "maximum": 10}""" },
        { "realBound", """{"type": "number", "format": "double", "minimum": 0.5}""" },
        { "shortText", """{"type": "string", "minLength": 1, "maxLength": 5}""" },
        { "shortList", """{"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2}""" },
        { "shortMap", """{"type": "object", "additionalProperties": {"type": "string"}, "maxProperties": 3}""" },
        { "matching", """{"type": "string", "pattern": "^a+$"}""" },
        { "matchingItems", """{"type": "array", "items": {"type": "string", "pattern": "^a+$"}}""" },
        { "matchingValues", """{"type": "object", "additionalProperties": {"type": "string", "pattern": "^a+$"}}""" },
        { "either", """{"type": "string", "enum": ["a", "b"]}""" },
        { "defaultText", """{"type": "string", "default": "yes"}""" },
        { "defaultFlag", """{"type": "boolean", "default": true}""" },
        { "defaultNumber", """{"type": "integer", "format": "int32", "default": 2}""" },
        { "defaultReal", """{"type": "number", "format": "double", "default": 0.25}""" },
        {
            "defaultObject",
            """{"type": "object", "properties": {"count": {"type": "integer", "format": "int32", "default": 3}}, "default": {}}"""
        },
        {
            "merged",
            $$$"""
            {"type": "array", "items": {"description": "From the class.", {{{NestedBody}}}},
            "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["key"]}
            """
        },
        { "neverNull", """{"type": "string"}""" },
        { "neverNullNumber", """{"type": "integer", "format": "int32"}""" },
        { "neverNullButDefaulted", """{"type": "string", "default": "x"}""" },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public void each_csharp_type_has_its_schema(string name, string expected)
    {
        var actual = Spec["properties"]![name];

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nactual   {actual?.ToJsonString()}");
    }

    [Fact]
    public void the_matrix_covers_every_property()
    {
        var rows = Matrix.Select(row => row.Data.Item1).Append("demandedAlthoughNullable");

        Assert.Equal(rows.Order(), Spec["properties"]!.AsObject().Select(p => p.Key).Order());
    }

    [Fact]
    public void required_is_what_cannot_be_null_and_has_no_default()
    {
        Assert.Equal(
            ["neverNull", "neverNullNumber", "demandedAlthoughNullable"],
            Spec["required"]!.AsArray().Select(n => n!.GetValue<string>()));
    }

    [Theory]
    [InlineData(typeof(WithObject), "WithObject.Value: Object has no schema")]
    [InlineData(typeof(WithJson), "WithJson.Value: JsonNode has no schema")]
    [InlineData(typeof(WithTimeSpan), "WithTimeSpan.Value: TimeSpan has no schema")]
    [InlineData(typeof(WithIntKeys), "WithIntKeys.Value: the keys of a map are strings")]
    [InlineData(typeof(WithItself), "WithItself contains itself")]
    [InlineData(typeof(WithTextBound), "WithTextBound.Value: a bound needs a number")]
    [InlineData(typeof(WithNumberLength), "WithNumberLength.Value: a length needs")]
    [InlineData(typeof(WithNumberPattern), "WithNumberPattern.Value: a pattern needs a string")]
    [InlineData(typeof(WithWrongDefault), "WithWrongDefault.Value: the default 5 is not of type string")]
    [InlineData(typeof(WithHollowDefault), "WithHollowDefault.Value: {} lacks the required fields")]
    [InlineData(typeof(WithLooseKey), "WithLooseKey.Value: the key optional must be a required field")]
    [InlineData(typeof(WithNothing), "WithNothing has no schema")]
    [InlineData(typeof(WithNestedFault), "WithNestedFault.WithTextBound.Value: a bound needs a number")]
    public void a_type_without_a_schema_is_refused_by_name(Type type, string message)
    {
        var error = Assert.Throws<SchemaException>(() => SchemaBuilder.BuildRoot(typeof(Holder<>).MakeGenericType(type)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    public sealed record Holder<T>
    {
        public T? Spec { get; init; }
    }

    public sealed record WithObject(object? Value);

    public sealed record WithJson(JsonNode? Value);

    public sealed record WithTimeSpan(TimeSpan? Value);

    public sealed record WithIntKeys(IReadOnlyDictionary<int, string>? Value);

    public sealed record WithItself(IReadOnlyList<WithItself>? Value);

    public sealed record WithTextBound([property: Minimum(1)] string? Value);

    public sealed record WithNumberLength([property: MaxLength(1)] int? Value);

    public sealed record WithNumberPattern([property: Pattern("a")] int? Value);

    public sealed record WithWrongDefault([property: Default(5)] string? Value);

    public sealed record WithHollowDefault([property: DefaultEmptyObject] Nested? Value);

    public sealed record WithLooseKey([property: ListMapKey("optional")] IReadOnlyList<Nested>? Value);

    public sealed record WithNothing;

    public sealed record WithNestedFault(WithTextBound? Inner);
}
