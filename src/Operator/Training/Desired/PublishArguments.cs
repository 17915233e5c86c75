namespace IrisOperator.Operator.Training.Desired;

/// <summary>The command line of the container that publishes (docs/spec/image.md).</summary>
internal static class PublishArguments
{
    /// <param name="training">With spec.publish.</param>
    /// <param name="run">The run whose model it is.</param>
    /// <param name="options">The base where the spec names none, and the registries of the installation.</param>
    /// <param name="rebase">True leaves a model alone that is not the newest.</param>
    public static IEnumerable<string> Of(IrisTraining training, TrainingRun run, OperatorOptions options, bool rebase)
    {
        var publish = training.Spec.Publish!;
        string?[] words =
        [
            "publish", $"/models/{run.ModelPath}",
            "--repository", publish.Repository,
            "--series", publish.Version,
            .. Base(publish.Base, options),
            rebase ? "--rebase" : null,
            .. Annotation("training", $"{training.Metadata.NamespaceProperty}/{training.Metadata.Name}"),
            .. Annotation("training-uid", training.Metadata.Uid),
            .. Annotation("trainer", run.Image),
            .. RegistryPod.Arguments(publish, options),
        ];
        return words.OfType<string>();
    }

    private static string?[] Base(BaseImageSpec? image, OperatorOptions options) => image switch
    {
        null => ["--base", options.ServingImage],
        _ when ImageVersion.IsDigest(image.Version) => ["--base", $"{image.Repository}@{image.Version}"],
        _ => ["--base", image.Repository, "--base-version", image.Version],
    };

    private static string?[] Annotation(string name, string? value) =>
        value is null ? [] : ["--annotation", $"iris-operator.dev/{name}={value}"];
}
