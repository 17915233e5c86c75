namespace IrisOperator.Kube.Models;

/// <summary>Quantities are strings, for example <c>250m</c> and <c>64Mi</c>. The server may normalise them.</summary>
public sealed record V1ResourceRequirements
{
    public IReadOnlyDictionary<string, string>? Limits { get; init; }

    public IReadOnlyDictionary<string, string>? Requests { get; init; }
}
