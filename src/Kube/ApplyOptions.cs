namespace IrisOperator.Kube;

/// <summary>Who applies. Two appliers with one name overwrite each other's field sets.</summary>
public sealed record ApplyOptions(string FieldManager)
{
    /// <summary>
    /// True (the default, as every controller does) takes fields over from other managers; false answers 409 with the names of
    /// the managers in the causes.
    /// </summary>
    public bool Force { get; init; } = true;

    /// <summary>Runs admission and validation, stores nothing.</summary>
    public bool DryRun { get; init; }
}
