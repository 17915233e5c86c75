using IrisOperator.Operator.Cache;

namespace IrisOperator.Operator.Training;

/// <summary>Which trainings a change of something else concerns.</summary>
internal static class TrainingIndexes
{
    private const string Claim = "claim";
    private const string Repository = "repository";

    // Bases hardly ever change, and a notification triggers a look at once.
    private static readonly TimeSpan _baseInterval = TimeSpan.FromSeconds(60);

    public static Dictionary<string, Func<IrisTraining, IEnumerable<string>>> All(OperatorOptions options) => new()
    {
        [Claim] = ClaimsOf,
        [Repository] = training => PublicationBase.SelectionOf(training, options) is { } selection ? [selection.Repository] : [],
    };

    public static IEnumerable<ObjectKey> Using(Stores stores, V1PersistentVolumeClaim claim) =>
        stores.Trainings.ByIndex(Claim, claim.Key().ToString()).Select(training => training.Key());

    public static IEnumerable<Subscriber> SubscribersOf(Stores stores, OperatorOptions options, string repository) =>
        from training in stores.Trainings.ByIndex(Repository, repository)
        select new Subscriber(
            IrisTraining.KubeKind, training.Key(), [PublicationBase.SelectionOf(training, options)!.Version], _baseInterval);

    private static IEnumerable<string> ClaimsOf(IrisTraining training) =>
        from claim in new[] { training.Spec.Dataset.ClaimName, TrainingInputs.OutputClaimName(training) }.Distinct()
        where claim is not null
        select new ObjectKey(training.Metadata.NamespaceProperty, claim).ToString();
}
