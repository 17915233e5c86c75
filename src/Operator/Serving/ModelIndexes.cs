using IrisOperator.Operator.Cache;

namespace IrisOperator.Operator.Serving;

/// <summary>Which models a change of something else concerns.</summary>
internal static class ModelIndexes
{
    private const string Training = "training";
    private const string Repository = "repository";

    public static Dictionary<string, Func<IrisModel, IEnumerable<string>>> All { get; } = new()
    {
        [Training] = TrainingsOf,
        [Repository] = model => ModelObserver.SelectionsOf(model).Select(selection => selection.Repository).Distinct(),
    };

    public static IEnumerable<IrisModel> Following(Stores stores, IrisTraining training) =>
        stores.Models.ByIndex(Training, training.Key().ToString());

    public static IEnumerable<Subscriber> SubscribersOf(Stores stores, string repository) =>
        from model in stores.Models.ByIndex(Repository, repository)
        select new Subscriber(
            IrisModel.KubeKind,
            model.Key(),
            [.. ModelObserver.SelectionsOf(model).Select(selection => selection.Version)],
            TimeSpan.FromSeconds(model.Spec.Image?.PollIntervalSeconds ?? 60));

    private static IEnumerable<string> TrainingsOf(IrisModel model) =>
        model.Spec.Model?.TrainingRef is { } reference ? [new ObjectKey(model.Metadata.NamespaceProperty, reference.Name).ToString()] : [];
}
