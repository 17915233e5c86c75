namespace IrisOperator.Operator.Children;

/// <summary>
/// Labels and annotations of children. Selectors of running Deployments hold them: they cannot change without a migration.
/// </summary>
public static class Labels
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    public const string ManagedByValue = "iris-operator";

    public const string Name = "app.kubernetes.io/name";

    public const string Instance = "app.kubernetes.io/instance";

    public const string Training = "iris-operator.dev/training";

    public const string Model = "iris-operator.dev/model";

    /// <summary>The claim that a pod uses; pods of one ReadWriteOnce claim keep to one node by it.</summary>
    public const string Claim = "iris-operator.dev/claim";

    /// <summary>On the canary's Deployment and pods only, whose other labels are those that the Service selects by.</summary>
    public const string Track = "iris-operator.dev/track";

    public const string CanaryTrack = "canary";

    /// <summary>Hash of the pod template, so that the pods of the wanted version can be told without reading replica sets.</summary>
    public const string Revision = "iris-operator.dev/revision";

    /// <summary>Annotation on an IrisTraining: any new value asks for another run.</summary>
    public const string Run = "iris-operator.dev/run";

    /// <summary>Annotation on an IrisModel: an exact version or digest that is served as long as the annotation is there.</summary>
    public const string RollbackTo = "iris-operator.dev/rollback-to";

    /// <summary>Annotation on an IrisModel: any new value lets rejected images be tried again.</summary>
    public const string Release = "iris-operator.dev/release";

    /// <summary>
    /// Annotation on applied children: hash of what was applied, so that a field that is no longer wanted is noticed too.
    /// </summary>
    public const string AppliedHash = "iris-operator.dev/applied-hash";

    /// <summary>Selects everything that the operator made.</summary>
    public const string Selector = $"{ManagedBy}={ManagedByValue}";

    public static Dictionary<string, string> For(string application, string ownerLabel, string owner) => new()
    {
        [ManagedBy] = ManagedByValue,
        [Name] = application,
        [Instance] = owner,
        [ownerLabel] = owner,
    };
}
