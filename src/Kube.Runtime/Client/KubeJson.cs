using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>
/// JSON for the models of KubernetesClient that are used here. Its own context names all of its models, and so keeps all of them in a
/// program that is compiled ahead of time (docs/adr/0001 has the figures).
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(V1Status))]
[JsonSerializable(typeof(V1Namespace))]
[JsonSerializable(typeof(V1ConfigMap))]
[JsonSerializable(typeof(V1PersistentVolumeClaim))]
[JsonSerializable(typeof(V1Job))]
[JsonSerializable(typeof(V1Deployment))]
[JsonSerializable(typeof(V1Service))]
[JsonSerializable(typeof(V1Pod))]
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(Corev1Event))]
[JsonSerializable(typeof(V1SelfSubjectAccessReview))]
[JsonSerializable(typeof(V1DeleteOptions))]
[JsonSerializable(typeof(PartialObjectMetadata))]
internal sealed partial class KubeJsonContext : JsonSerializerContext;

/// <summary>What the server answers when only metadata is asked for; see <see cref="IKubeReader.GetMetadataAsync{T}"/>.</summary>
public sealed record PartialObjectMetadata
{
    public V1ObjectMeta? Metadata { get; init; }
}

/// <summary>Names the source-generated context of a custom resource. Its own options do not count: all kinds are written alike.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class JsonContextAttribute : Attribute
{
    internal abstract JsonSerializerContext Create();
}

/// <inheritdoc/>
public sealed class JsonContextAttribute<TContext> : JsonContextAttribute
    where TContext : JsonSerializerContext, new()
{
    internal override JsonSerializerContext Create() => new TContext();
}

/// <summary>The contracts of all kinds, with what the package's models leave open: which times have fractions.</summary>
public static class KubeJson
{
    private static readonly ConcurrentDictionary<Type, JsonSerializerOptions> _options = [];

    internal static JsonTypeInfo<V1Status> Status { get; } = TypeInfo<V1Status>();

    internal static JsonTypeInfo<V1ListMeta> ListMeta { get; } = TypeInfo<V1ListMeta>();

    /// <summary>From the context that <see cref="JsonContextAttribute{TContext}"/> names, or that of the package's models.</summary>
    public static JsonTypeInfo<T> TypeInfo<T>()
    {
        var attribute = typeof(T).GetCustomAttribute<JsonContextAttribute>();
        var options = _options.GetOrAdd(attribute?.GetType() ?? typeof(KubeJsonContext), static (_, own) => Build(own), attribute);
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }

    private static JsonSerializerOptions Build(JsonContextAttribute? attribute)
    {
        var context = attribute?.Create() ?? KubeJsonContext.Default;
        return new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new TimeConverter(), new TimeOffsetConverter() },
            TypeInfoResolver = context.WithAddedModifier(Adapt),
        };
    }

    private static void Adapt(JsonTypeInfo type)
    {
        if (type.Type == typeof(V1ObjectMeta) && Find(type, "managedFields") is { } managed)
        {
            // Larger than the rest of many objects, and nobody reads them: skipped before they become objects.
            type.Properties.Remove(managed);
        }

        string[] microTimes = type.Type == typeof(V1LeaseSpec) ? ["acquireTime", "renewTime"]
            : type.Type == typeof(Corev1Event) ? ["eventTime"]
            : [];
        foreach (var name in microTimes)
        {
            var property = Find(type, name)!;
            property.CustomConverter =
                property.PropertyType == typeof(DateTime) ? new MicroTimeConverter() : new NullableMicroTimeConverter();
        }
    }

    private static JsonPropertyInfo? Find(JsonTypeInfo type, string name) => type.Properties.FirstOrDefault(p => p.Name == name);
}

/// <summary>metav1.Time: RFC 3339 in UTC, whole seconds. Fractions are cut when written, as the server does.</summary>
public class TimeConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().UtcDateTime;

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        MicroTime.Write(writer, value, MicroTime.WholeSeconds);
}

/// <summary>Times of custom resources, written in whole seconds.</summary>
public sealed class TimeOffsetConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        MicroTime.Write(writer, value.UtcDateTime, MicroTime.WholeSeconds);
}

/// <summary>
/// metav1.MicroTime: the server refuses anything but exactly six decimals, which the package leaves out for whole seconds.
/// </summary>
internal static class MicroTime
{
    public const string WholeSeconds = "yyyy-MM-ddTHH:mm:ssZ";

    private const string Format = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    public static string ToText(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static void Write(Utf8JsonWriter writer, DateTime value, string format = Format)
    {
        Span<char> text = stackalloc char[32];
        value.ToUniversalTime().TryFormat(text, out var written, format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }
}

internal sealed class MicroTimeConverter : TimeConverter
{
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => MicroTime.Write(writer, value);
}

internal sealed class NullableMicroTimeConverter : JsonConverter<DateTime?>
{
    public override DateTime? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().UtcDateTime;

    public override void Write(Utf8JsonWriter writer, DateTime? value, JsonSerializerOptions options) =>
        MicroTime.Write(writer, value!.Value);
}
