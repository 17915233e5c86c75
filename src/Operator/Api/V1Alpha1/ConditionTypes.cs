namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Condition types of both kinds. Ready is normal when True, Reconciling and Stalled when False (kstatus).</summary>
public static class ConditionTypes
{
    public const string Ready = "Ready";

    public const string Reconciling = "Reconciling";

    /// <summary>True: nothing will change until somebody acts.</summary>
    public const string Stalled = "Stalled";

    public const string Suspended = "Suspended";

    public const string Complete = "Complete";

    public const string Failed = "Failed";

    public const string QualityGatePassed = "QualityGatePassed";

    /// <summary>The newest accepted model is an image. Only where spec.publish asks for that.</summary>
    public const string Published = "Published";

    /// <summary>The newest image stands on what its base means now. Only where spec.publish.rebase asks for that.</summary>
    public const string Rebased = "Rebased";

    /// <summary>False: the registry could not be asked, or has no such version. What was resolved before stays.</summary>
    public const string VersionResolved = "VersionResolved";

    /// <summary>True: what the range has failed here, and the image before serves.</summary>
    public const string RolledBack = "RolledBack";
}
