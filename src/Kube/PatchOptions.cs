namespace IrisOperator.Kube;

/// <summary>All optional.</summary>
public sealed record PatchOptions
{
    /// <summary>Null lets the server take the name from the user agent.</summary>
    public string? FieldManager { get; init; }

    public bool DryRun { get; init; }
}
