namespace IrisOperator.Kube;

/// <summary>Which incarnation to delete, and what becomes of its dependants.</summary>
public sealed record DeleteOptions
{
    /// <summary>Required in effect: without it a re-created object of the same name would be hit. Null only where that is meant.</summary>
    public required string? Uid { get; init; }

    /// <summary>Set it when the decision to delete rests on the content that was read.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Background by default. The server's own default for jobs is Orphan, which leaves their pods running.</summary>
    public PropagationPolicy PropagationPolicy { get; init; } = PropagationPolicy.Background;

    public int? GracePeriodSeconds { get; init; }
}
