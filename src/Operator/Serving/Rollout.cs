namespace IrisOperator.Operator.Serving;

/// <summary>How far a live Deployment is, judged by its own status and by the pods of the wanted version.</summary>
/// <param name="Live">Null before it exists.</param>
/// <param name="Wanted">What was or will be applied.</param>
/// <param name="IsCurrent">True when the live one is what is wanted, so that its counters speak about it.</param>
/// <param name="Pods">Of all versions.</param>
/// <param name="History">Tells versions by their digests.</param>
internal sealed record Rollout(
    V1Deployment? Live, V1Deployment Wanted, bool IsCurrent, IReadOnlyList<V1Pod> Pods, IReadOnlyList<Corev1Event> Events,
    IReadOnlyList<ServedVersion> History)
{
    /// <summary>True when the status called the wanted version Ready, of this generation of the spec.</summary>
    public bool WasRolledOut { get; init; }

    public static Rollout FromServing(ObservedModel observed, V1Deployment wanted) =>
        From(observed, observed.Deployment, wanted, pod => !IsCanary(pod));

    /// <param name="live">Null where somebody else has the name.</param>
    public static Rollout FromCanary(ObservedModel observed, V1Deployment? live, V1Deployment wanted) =>
        From(observed, live, wanted, IsCanary);

    private static Rollout From(ObservedModel observed, V1Deployment? live, V1Deployment wanted, Func<V1Pod, bool> isOwn) => new(
        live, wanted, live is not null && AppliedObject.IsCurrent(live, wanted), [.. observed.Pods.Where(isOwn)], observed.Events,
        observed.Model.Status?.History ?? []);

    public static bool IsCanary(V1Pod pod) => pod.GetLabel(Labels.Track) == Labels.CanaryTrack;

    private int Replicas => Wanted.Spec?.Replicas ?? 1;

    private int Updated => Counted ? Live?.Status?.UpdatedReplicas ?? 0 : 0;

    // Counters of an older generation are about another template.
    private bool Counted => IsCurrent && Live?.Status?.ObservedGeneration >= Live?.Metadata.Generation;

    /// <summary>True when all wanted pods are there and ready, and no other.</summary>
    public bool IsRolledOut => Counted
        && (Live!.Status!.Replicas ?? 0) == Replicas
        && Updated == Replicas
        && (Live.Status.AvailableReplicas ?? 0) == Replicas;

    /// <summary>True when all wanted pods serve, and at least one is wanted.</summary>
    public bool IsServing => IsComplete && Replicas > 0;

    // An annotation from anybody makes a new generation of a Deployment. Until its controller has observed that, what was true of
    // the same version still is; without this Ready would flap at each of them.
    private bool IsComplete => IsRolledOut || (IsCurrent && !Counted && WasRolledOut);

    /// <param name="what">What is served, such as: run 3 of iris (accuracy 0.9533, sha256:0123456789ab).</param>
    public ReadyStatus Judge(string what)
    {
        if (IsComplete)
        {
            return Replicas == 0
                ? new ReadyStatus(Readiness.Ready, Reasons.ScaledToZero, $"spec.replicas is 0: nothing serves {what}")
                : new ReadyStatus(Readiness.Ready, Reasons.Serving, $"serving {what} with {Replicas} of {Replicas} replicas");
        }

        var ready = WantedPods.Count(IsReady);
        var progress = ready > Replicas || Replicas == 0
            ? $"scaling down to {Replicas}: {ready} replicas still serve {what}"
            : $"{ready} of {Replicas} replicas serve {what}";
        var deadline = Counted ? Condition("Progressing", "False") : null;
        if (FindProblem(WantedPods) is { } problem)
        {
            var readiness = problem.RequiresUserAction || deadline is not null ? Readiness.Stalled : Readiness.Reconciling;
            return new ReadyStatus(readiness, problem.Reason, $"{progress}: {problem.Message}{PreviousVersionSuffix()}");
        }

        if (Counted && Condition("ReplicaFailure", "True") is { } failure)
        {
            return new ReadyStatus(
                Readiness.Stalled,
                failure.Reason ?? KubernetesReasons.FailedCreate,
                $"{progress}: {failure.Message}{PreviousVersionSuffix()}");
        }

        return deadline is not null
            ? new ReadyStatus(
                Readiness.Stalled,
                deadline.Reason ?? Reasons.ProgressDeadlineExceeded,
                $"{progress}: no progress for spec.rollout.progressDeadlineSeconds{PreviousVersionSuffix()}")
            : new ReadyStatus(Readiness.Reconciling, Reasons.RollingOut, progress + PreviousVersionSuffix());
    }

    /// <summary>Why the wanted version will not come up; null as long as it may.</summary>
    /// <param name="registryAnswers">False makes an image that cannot be pulled nobody's fault.</param>
    public Problem? Failure(bool registryAnswers)
    {
        var pods = registryAnswers ? WantedPods : WantedPods.Where(pod => !CannotPull(pod));
        if (FindProblem(pods) is { IsPersistent: true } problem)
        {
            return problem;
        }

        return Counted && Condition("Progressing", "False") is { } deadline
            ? new Problem(
                deadline.Reason ?? Reasons.ProgressDeadlineExceeded,
                FindProblem(WantedPods)?.Message ?? "the pods did not become ready within spec.rollout.progressDeadlineSeconds",
                RequiresUserAction: true)
            : null;
    }

    /// <summary>What ended a pod of the wanted version that was started again since; null when none was.</summary>
    public Problem? FindRestart() => First(WantedPods, pod => PodProblems.FindRestart([pod]));

    /// <summary>Of the wanted version only: an old pod that is in trouble is being replaced.</summary>
    public IEnumerable<V1Pod> WantedPods => Pods.Where(IsWanted);

    private Problem? FindProblem(IEnumerable<V1Pod> pods) => First(pods, pod => PodProblems.Find([pod], Events));

    private static Problem? First(IEnumerable<V1Pod> pods, Func<V1Pod, Problem?> find)
    {
        foreach (var pod in pods)
        {
            if (find(pod) is { } problem)
            {
                return HasRefusedModel(pod) ? problem with { Reason = Reasons.ModelLoadFailed } : problem;
            }
        }

        return null;
    }

    private static bool HasRefusedModel(V1Pod pod) => pod.Status?.ContainerStatuses?.Any(status =>
        (status.State?.Terminated ?? status.LastState?.Terminated)?.ExitCode == ExitCode.BadInput) == true;

    // The two states between which kubelet alternates.
    private static bool CannotPull(V1Pod pod) => pod.Status?.ContainerStatuses?.Any(status =>
        status.State?.Waiting?.Reason is KubernetesReasons.ErrImagePull or KubernetesReasons.ImagePullBackOff) == true;

    /// <summary>What still serves when the wanted version does not come up.</summary>
    private string PreviousVersionSuffix()
    {
        var serving = Pods.Where(pod => !IsWanted(pod) && IsReady(pod)).ToList();
        if (serving.Count == 0)
        {
            return "";
        }

        var source = serving[0].GetAnnotation(ModelDeployment.SourceAnnotation);
        var version = History.LastOrDefault(served => served.Digest == source)?.Version
            ?? (ImageVersion.IsDigest(source) ? Names.ShortDigest(source) : source);
        return $"; {serving.Count} pods of the version before{(version is null ? "" : $" ({version})")} still serve";
    }

    private bool IsWanted(V1Pod pod) => pod.GetLabel(Labels.Revision) == ModelDeployment.Revision(Wanted);

    public static bool IsReady(V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null
        && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private V1DeploymentCondition? Condition(string type, string status) =>
        Live?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type && condition.Status == status);
}
