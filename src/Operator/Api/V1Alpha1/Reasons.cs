namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Reasons of conditions and events: part of the API, explained in docs/spec. No logic reads them.</summary>
public static class Reasons
{
    /// <summary>A run goes on, or is about to start.</summary>
    public const string Training = "Training";

    /// <summary>The newest accepted model is on its way to the registry.</summary>
    public const string Publishing = "Publishing";

    /// <summary>A claim that a run needs is being deleted.</summary>
    public const string ClaimTerminating = "ClaimTerminating";

    /// <summary>spec.suspend is true, and something is left to do.</summary>
    public const string Suspended = "Suspended";

    /// <summary>Of the condition Suspended.</summary>
    public const string SuspendedBySpec = "SuspendedBySpec";

    /// <summary>The operator has a bug, which this object brings to light.</summary>
    public const string InternalError = "InternalError";
}
