using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Serving;

/// <summary>How far the live Deployment is, judged by its own status and by the pods of the wanted version.</summary>
/// <param name="Live">Null before it exists.</param>
/// <param name="Wanted">What was or will be applied.</param>
/// <param name="IsCurrent">True when the live one is what is wanted, so that its counters speak about it.</param>
/// <param name="Pods">Of all versions.</param>
/// <param name="History">Tells versions by their digests.</param>
internal sealed record Rollout(
    V1Deployment? Live, V1Deployment Wanted, bool IsCurrent, IReadOnlyList<V1Pod> Pods, IReadOnlyList<Corev1Event> Events,
    IReadOnlyList<ServedVersion> History)
{
    public static Rollout Of(ObservedModel observed, V1Deployment wanted, bool isCurrent) =>
        new(observed.Deployment, wanted, isCurrent, [.. observed.Pods.Where(pod => !IsCanary(pod))], observed.Events, observed.Model.Status?.History ?? []);

    /// <param name="live">Null where somebody else has the name.</param>
    public static Rollout OfCanary(ObservedModel observed, V1Deployment? live, V1Deployment wanted) =>
        new(
            live, wanted, live is not null && AppliedObject.IsCurrent(live, wanted), [.. observed.Pods.Where(IsCanary)], observed.Events,
            observed.Model.Status?.History ?? []);

    public static bool IsCanary(V1Pod pod) => pod.GetLabel(Labels.Track) == Labels.CanaryTrack;

    private int Replicas => Wanted.Spec?.Replicas ?? 1;

    private int Updated => Counted ? Live?.Status?.UpdatedReplicas ?? 0 : 0;

    // Counters of an older generation are about another template.
    private bool Counted => IsCurrent && Live?.Status?.ObservedGeneration >= Live?.Metadata.Generation;

    /// <summary>True when all wanted pods are there and ready, and no other.</summary>
    public bool IsDone => Counted
        && (Live!.Status!.Replicas ?? 0) == Replicas
        && Updated == Replicas
        && (Live.Status.AvailableReplicas ?? 0) == Replicas;

    /// <param name="what">What is served, such as: run 3 of iris (accuracy 0.9533, sha256:0123456789ab).</param>
    public ReadyStatus Judge(string what, V1Condition? before)
    {
        var done = Replicas == 0
            ? new ReadyStatus(Readiness.Ready, "ScaledToZero", $"spec.replicas is 0: nothing serves {what}")
            : new ReadyStatus(Readiness.Ready, "Serving", $"serving {what} with {Replicas} of {Replicas} replicas");

        // An annotation from anybody makes a new generation of a Deployment. Until its controller has looked at that, what was said
        // of the same version still holds; without this Ready would flap at each of them.
        var wasDone = before?.Status == "True" && before.Message?.StartsWith(done.Message, StringComparison.Ordinal) == true;
        if (IsDone || (IsCurrent && !Counted && wasDone))
        {
            return done;
        }

        var ready = WantedPods.Count(IsReady);
        var progress = ready > Replicas || Replicas == 0
            ? $"scaling down to {Replicas}: {ready} replicas still serve {what}"
            : $"{ready} of {Replicas} replicas serve {what}";
        var deadline = Counted ? Condition("Progressing", "False") : null;
        if (FindProblem() is { } problem)
        {
            var readiness = problem.RequiresUserAction || deadline is not null ? Readiness.Stalled : Readiness.Reconciling;
            return new ReadyStatus(readiness, ReasonOf(problem), $"{progress}: {problem.Message}{Earlier()}");
        }

        if (Counted && Condition("ReplicaFailure", "True") is { } failure)
        {
            return new ReadyStatus(Readiness.Stalled, failure.Reason ?? "FailedCreate", $"{progress}: {failure.Message}{Earlier()}");
        }

        return deadline is not null
            ? new ReadyStatus(
                Readiness.Stalled,
                deadline.Reason ?? "ProgressDeadlineExceeded",
                $"{progress}: no progress for spec.rollout.progressDeadlineSeconds{Earlier()}")
            : new ReadyStatus(Readiness.Reconciling, "RollingOut", progress + Earlier());
    }

    /// <summary>Why the wanted version will not come up; null as long as it may.</summary>
    /// <param name="registryAnswers">False makes an image that cannot be pulled nobody's fault.</param>
    public Problem? Failure(bool registryAnswers)
    {
        if (FindProblem() is { IsPersistent: true } problem && (registryAnswers || problem.Reason != "ImagePullBackOff"))
        {
            return problem with { Reason = ReasonOf(problem) };
        }

        return Counted && Condition("Progressing", "False") is { } deadline
            ? new Problem(
                deadline.Reason ?? "ProgressDeadlineExceeded",
                FindProblem()?.Message ?? "the pods did not become ready within spec.rollout.progressDeadlineSeconds",
                RequiresUserAction: true)
            : null;
    }

    /// <summary>What ended a pod of the wanted version that was started again since; null when none was.</summary>
    public Problem? Restart() => PodProblems.FindRestart(WantedPods) is { } problem ? problem with { Reason = ReasonOf(problem) } : null;

    /// <summary>Pods of the wanted version only: an old pod with a problem is being replaced.</summary>
    public IEnumerable<V1Pod> WantedPods => Pods.Where(IsWanted);

    // Of a server, bad input can only be its model.
    private static string ReasonOf(Problem problem) => problem.Reason == "BadInput" ? "ModelLoadFailed" : problem.Reason;

    private Problem? FindProblem() => PodProblems.Find(WantedPods, Events);

    /// <summary>What the user still has, when the wanted version does not come up.</summary>
    private string Earlier()
    {
        var serving = Pods.Where(pod => !IsWanted(pod) && IsReady(pod)).ToList();
        if (serving.Count == 0)
        {
            return "";
        }

        var source = serving[0].GetAnnotation(ModelDeployment.SourceAnnotation);
        var version = History.LastOrDefault(served => served.Digest == source)?.Version
            ?? (ImageVersion.IsDigest(source) ? RunList.ShortDigest(source) : source);
        return $"; {serving.Count} pods of the version before{(version is null ? "" : $" ({version})")} still serve";
    }

    private bool IsWanted(V1Pod pod) => pod.GetLabel(Labels.Revision) == ModelDeployment.Revision(Wanted);

    public static bool IsReady(V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null
        && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private V1DeploymentCondition? Condition(string type, string status) =>
        Live?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == status);
}
