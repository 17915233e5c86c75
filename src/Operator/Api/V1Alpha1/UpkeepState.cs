namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>How upkeep ended.</summary>
public static class UpkeepState
{
    public const string Succeeded = "Succeeded";

    /// <summary>There was a reason to leave things as they are.</summary>
    public const string Skipped = "Skipped";

    public const string Failed = "Failed";
}
