using IrisOperator.Operator.Hosting;

namespace IrisOperator.Operator.Training;

/// <summary>The only reader: caches, and the server itself where a cache could mislead or does not exist.</summary>
public sealed class TrainingObserver(
    Stores stores, IKubeReader reader, PodEvents events, RepositoryScanner registries, OperatorOptions options)
{
    public async Task<TrainingSeen> ObserveAsync(IrisTraining training, CancellationToken cancellationToken)
    {
        var space = training.Metadata.NamespaceProperty;
        var dataset = training.Spec.Dataset;
        var seen = new TrainingSeen
        {
            Training = training,
            DatasetClaim = dataset.ClaimName is { } claim ? stores.Claims.Get(new ObjectKey(space, claim)) : null,
            DatasetConfigMapExists = dataset.ConfigMapName is { } map && TrainingDecider.NeedsRun(training)
                ? await reader.GetMetadataAsync<V1ConfigMap>(new ObjectKey(space, map), cancellationToken) is not null
                : null,
            OutputClaim = stores.Claims.Get(new ObjectKey(space, TrainingInputs.OutputClaimName(training))),
            Jobs = stores.JobsOf(training),
            Base = PublicationBase.SelectionOf(training, options) is { } selection
                ? registries.Look(selection)
                : PublicationBase.FixedView(training, options),
        };
        var running = seen.LastRun is { State: RunState.Running } last ? last : null;
        if ((running is null ? seen.UpkeepJob : seen.Job) is not { } job)
        {
            return running is null && seen.Upkeep?.Task == UpkeepTask.Prune ? await WithUsersAsync(seen, cancellationToken) : seen;
        }

        var pods = stores.PodsOf(Labels.Training, training);
        if (JobReading.IsFinished(job) && IsReportLost(job, pods, running))
        {
            // The cache of pods may lag behind that of jobs; a report counts as lost only when the server has no such pod either.
            var options = new ListOptions { LabelSelector = $"job-name={job.Metadata.Name}" };
            var live = await reader.ListAsync<V1Pod>(NamespaceScope.In(space!), options, cancellationToken);
            pods = live.Items;
        }

        return seen with { Pods = pods, Events = await events.ReadAsync(pods, cancellationToken) };
    }

    // Live: what a cache has not heard of yet would be removed.
    private async Task<TrainingSeen> WithUsersAsync(TrainingSeen seen, CancellationToken cancellationToken) => seen with
    {
        Models = (await reader.ListAsync<IrisModel>(stores.Scope, null, cancellationToken)).Items,
        Trainings = (await reader.ListAsync<IrisTraining>(stores.Scope, null, cancellationToken)).Items,
    };

    private static bool IsReportLost(V1Job job, IReadOnlyList<V1Pod> pods, TrainingRun? running) =>
        running is null ? UpkeepReading.Of(job, pods).IsReportLost : JobReading.Of(job, pods, running.Publication).IsReportLost;
}
