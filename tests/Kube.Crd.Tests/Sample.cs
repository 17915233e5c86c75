using System.Text.Json.Serialization;

namespace IrisOperator.Kube.Crd.Tests;

/// <summary>A kind that uses every attribute once.</summary>
[KubernetesEntity(Group = "tests.dev", ApiVersion = "v1", Kind = "Sample", PluralName = "samples")]
[Description("Shows every attribute.")]
[ShortName("sp")]
[Category("tests")]
[StatusSubresource]
[ScaleSubresource(".spec.replicas", ".status.replicas", LabelSelectorPath = ".status.selector")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Why", "string", ".status.why", Priority = 1, Description = "In a word.")]
public sealed record Sample : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }

    public required SampleSpec Spec { get; init; }

    public SampleStatus? Status { get; init; }
}

public sealed record SampleStatus
{
    public int? Replicas { get; init; }

    public string? Selector { get; init; }

    [ListMapKey("type")]
    public IReadOnlyList<V1Condition>? Conditions { get; init; }
}

public enum Color
{
    Red,

    [JsonStringEnumMemberName("dark-blue")]
    DarkBlue,
}

[Description("From the class.")]
public sealed record Nested
{
    public required string Key { get; init; }

    public string? Optional { get; init; }
}

public sealed record AllOptional
{
    [Default(3)]
    public int? Count { get; init; }
}

/// <summary>One property a row of the matrix in <see cref="SchemaTests"/>.</summary>
public sealed record SampleSpec
{
    public string? Text { get; init; }

    public bool? Flag { get; init; }

    public int? Number { get; init; }

    public long? Long { get; init; }

    public double? Real { get; init; }

    public DateTimeOffset? Time { get; init; }

    public Color? Color { get; init; }

    public IntOrString? Port { get; init; }

    [Quantity]
    public string? Size { get; init; }

    [NumberOrString, Default("0.01")]
    public string? Rate { get; init; }

    public IReadOnlyList<string>? List { get; init; }

    public string[]? Array { get; init; }

    public IReadOnlyList<Nested>? Objects { get; init; }

    public IReadOnlyDictionary<string, string>? Map { get; init; }

    public IReadOnlyDictionary<string, int>? Counts { get; init; }

    public IReadOnlyDictionary<string, Nested>? ObjectMap { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>>? ListMap { get; init; }

    public Dictionary<string, bool>? Concrete { get; init; }

    [Quantity]
    public IReadOnlyDictionary<string, string>? Quantities { get; init; }

    public Nested? Nested { get; init; }

    [Description("From the property.")]
    public Nested? Described { get; init; }

    [JsonPropertyName("renamed-field")]
    public string? Renamed { get; init; }

    [Minimum(0)]
    [Maximum(10)]
    public int? Bounded { get; init; }

    [Minimum(0.5)]
    public double? RealBound { get; init; }

    [MinLength(1)]
    [MaxLength(5)]
    public string? ShortText { get; init; }

    [MinLength(1)]
    [MaxLength(2)]
    public IReadOnlyList<string>? ShortList { get; init; }

    [MaxLength(3)]
    public IReadOnlyDictionary<string, string>? ShortMap { get; init; }

    [Pattern("^a+$")]
    public string? Matching { get; init; }

    [Pattern("^a+$")]
    public IReadOnlyList<string>? MatchingItems { get; init; }

    [Pattern("^a+$")]
    public IReadOnlyDictionary<string, string>? MatchingValues { get; init; }

    [Enumeration("a", "b")]
    public string? Either { get; init; }

    [Default("yes")]
    public string? DefaultText { get; init; }

    [Default(true)]
    public bool? DefaultFlag { get; init; }

    [Default(2)]
    public int? DefaultNumber { get; init; }

    [Default(0.25)]
    public double? DefaultReal { get; init; }

    [DefaultEmptyObject]
    public AllOptional? DefaultObject { get; init; }

    [ListMapKey("key")]
    public IReadOnlyList<Nested>? Merged { get; init; }

    public required string NeverNull { get; init; }

    public required int NeverNullNumber { get; init; }

    [Required]
    public string? DemandedAlthoughNullable { get; init; }

    [Default("x")]
    public required string NeverNullButDefaulted { get; init; }

    [JsonIgnore]
    public string? Ignored { get; init; }
}
