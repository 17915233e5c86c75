namespace IrisOperator.Kube;

/// <summary>An object of the right type that does not fit our model.</summary>
/// <param name="Key">Null when not even its metadata could be read.</param>
/// <param name="ResourceVersion">Null when not even its metadata could be read.</param>
/// <param name="Error">The path and the reason, without content.</param>
public sealed record InvalidObject(ObjectKey? Key, string? ResourceVersion, string Error);
