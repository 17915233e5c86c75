namespace IrisOperator.Operator.Images;

/// <summary>What is known of a selection. Both may be set: what was found stays when a later look fails.</summary>
public sealed record ImageView(FoundImage? Found = null, ImageProblem? Problem = null)
{
    /// <summary>The first look is under way.</summary>
    public static ImageView Pending { get; } = new();
}
