using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube;

/// <summary>
/// What a type says of itself, read once. Generic code asks here and not the type: a shared generic method that calls a static abstract
/// member is left out by ReadyToRun, and would be compiled while the program starts.
/// </summary>
public static class Kind<T>
    where T : class, IKubeResource<T>
{
#pragma warning disable RS0030 // This is the one place that asks.
    public static readonly ResourceDefinition Definition = T.Definition;

    public static readonly JsonTypeInfo<T> JsonTypeInfo = T.JsonTypeInfo;

    public static readonly bool MetadataOnly = T.MetadataOnly;
#pragma warning restore RS0030
}
