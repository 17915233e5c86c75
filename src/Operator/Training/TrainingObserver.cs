using IrisOperator.Kube;
using IrisOperator.Kube.Models;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Children;
using IrisOperator.Operator.Hosting;
using IrisOperator.Operator.Pods;

namespace IrisOperator.Operator.Training;

/// <summary>The only reader: caches, and the server itself where a cache could mislead or does not exist.</summary>
public sealed class TrainingObserver(Stores stores, IKubeReader reader, PodEvents events)
{
    public async Task<TrainingSeen> ObserveAsync(IrisTraining training, CancellationToken cancellationToken)
    {
        var space = training.Metadata.Namespace;
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
        };
        if (seen.LastRun is not { State: RunState.Running } last || seen.Job is not { } job)
        {
            return seen;
        }

        var pods = stores.PodsOf(Labels.Training, training);
        if (JobReading.IsFinished(job) && JobReading.Of(job, pods, last.Publication).IsReportLost)
        {
            // The cache of pods may lag behind that of jobs; a report counts as lost only when the server has no such pod either.
            var options = new ListOptions { LabelSelector = $"job-name={job.Metadata.Name}" };
            var live = await reader.ListAsync<V1Pod>(NamespaceScope.In(space!), options, cancellationToken);
            pods = live.Items;
        }

        return seen with { Pods = pods, Events = await events.ReadAsync(pods, cancellationToken) };
    }
}
