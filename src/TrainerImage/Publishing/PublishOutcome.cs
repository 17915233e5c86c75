namespace IrisOperator.TrainerImage.Publishing;

/// <summary>How a publication ends.</summary>
internal static class PublishOutcome
{
    public const string Published = nameof(Published);

    /// <summary>The newest version of the series has the same model on the same base.</summary>
    public const string Unchanged = nameof(Unchanged);

    /// <summary>The model is not to be published: its run was not accepted, or with --rebase another model is the newest.</summary>
    public const string Skipped = nameof(Skipped);

    public const string Failed = nameof(Failed);
}
