namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>What may be done for a publication after its run.</summary>
public static class UpkeepTask
{
    /// <summary>The same model on another base.</summary>
    public const string Rebase = "Rebase";

    /// <summary>The removal of old versions.</summary>
    public const string Prune = "Prune";
}
