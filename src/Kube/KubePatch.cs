using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube;

/// <summary>A JSON merge patch (RFC 7386): null removes a field, a list replaces the whole list.</summary>
public readonly record struct KubePatch
{
    private KubePatch(ReadOnlyMemory<byte> body) => Body = body;

    public ReadOnlyMemory<byte> Body { get; }

    public static KubePatch Merge(ReadOnlyMemory<byte> utf8Json) => new(utf8Json);

    /// <summary>Nulls in the value are left out by our JSON contexts, so this form cannot remove a field.</summary>
    public static KubePatch Merge<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type));
}
