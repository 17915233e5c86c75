namespace IrisOperator.Operator.Training;

/// <summary>The claim that is made where the spec names none. It has no owner: models outlive their training.</summary>
public static class OutputClaim
{
    private const string DefaultMode = "ReadWriteOnce";

    public static V1PersistentVolumeClaim Build(IrisTraining training) => Kind<V1PersistentVolumeClaim>.Complete(new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = TrainingInputs.OutputClaimName(training),
            NamespaceProperty = training.Metadata.NamespaceProperty,
            Labels = Labels.For("iris-training", Labels.Training, training.Metadata.Name!),
        },
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = [training.Spec.Output?.AccessMode ?? DefaultMode],
            StorageClassName = training.Spec.Output?.StorageClassName,
            Resources = new V1VolumeResourceRequirements
            {
                Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(training.Spec.Output?.Size ?? "1Gi") },
            },
        },
    });

    /// <summary>The widest mode of an existing claim, or that of the one to be made.</summary>
    public static string AccessMode(IrisTraining training, V1PersistentVolumeClaim? existing) =>
        existing?.Spec?.AccessModes is { Count: > 0 } modes
            ? modes.Contains("ReadWriteMany") ? "ReadWriteMany" : modes[0]
            : training.Spec.Output?.AccessMode ?? DefaultMode;
}
