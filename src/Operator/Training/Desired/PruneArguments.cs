namespace IrisOperator.Operator.Training.Desired;

/// <summary>The command line of the container that removes old versions (docs/spec/image.md).</summary>
internal static class PruneArguments
{
    /// <param name="publish">With retain.</param>
    /// <param name="keep">Digests, versions and ranges that somebody uses.</param>
    /// <param name="options">The registries of the installation.</param>
    public static IEnumerable<string> Of(PublishSpec publish, IEnumerable<string> keep, OperatorOptions options)
    {
        string?[] words =
        [
            "prune",
            "--repository", publish.Repository,
            "--retain", publish.Retain!.Value.ToString(null, null),
            publish.RetainDryRun == true ? "--dry-run" : null,
            .. keep.SelectMany(entry => new[] { "--keep", entry }),
            .. RegistryPod.Arguments(publish, options),
        ];
        return words.OfType<string>();
    }
}
