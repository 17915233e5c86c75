namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>States of a <see cref="TrainingRun"/>. All but Running are final.</summary>
public static class RunState
{
    public const string Running = "Running";

    public const string Accepted = "Accepted";

    /// <summary>Trained, and below what evaluation.require asks. Never served.</summary>
    public const string Rejected = "Rejected";

    public const string Failed = "Failed";

    /// <summary>The inputs changed while it ran.</summary>
    public const string Superseded = "Superseded";
}
