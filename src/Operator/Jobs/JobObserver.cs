namespace IrisOperator.Operator.Jobs;

/// <summary>Completes what the caches have of the Job of a step.</summary>
public sealed class JobObserver(IKubeReader reader, PodEvents events)
{
    /// <param name="cached">The pods that the cache has.</param>
    public async Task<ObservedJob> ObserveAsync(V1Job job, IReadOnlyList<V1Pod> cached, CancellationToken cancellationToken)
    {
        var observed = new ObservedJob(job, cached, []);
        var isFinished = JobState.IsFinished(job);
        if (isFinished && observed.State is JobState.ReportLost or JobState.Ended { Container: null, IsDeadlineExceeded: false })
        {
            // The cache of pods may lag behind that of jobs; a report counts as lost only when the server has no such pod either.
            var options = new ListOptions { LabelSelector = $"job-name={job.Metadata.Name}" };
            var live = await reader.ListAsync<V1Pod>(NamespaceScope.In(job.Metadata.NamespaceProperty!), options, cancellationToken);
            observed = observed with { Pods = live.Items };
        }

        var waiting = observed.PodsAtWork.Count == 0 && !isFinished && !observed.IsSuspended ? job : null;
        return observed with { Events = await events.ReadAsync(observed.Pods, cancellationToken, waiting) };
    }
}
