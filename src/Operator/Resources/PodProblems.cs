using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Resources;

/// <summary>Why a pod does not do its work, in the words of kubelet and scheduler.</summary>
/// <remarks>One reason for things that alternate: ErrImagePull and ImagePullBackOff would make the status flap.</remarks>
public static partial class PodProblems
{
    /// <summary>When to look again for pods that are not made.</summary>
    public static readonly TimeSpan StartPoll = TimeSpan.FromSeconds(4);

    private const int MaxMessage = 600;

    /// <summary>The trouble of the first pod that has one; pods that do well are passed over.</summary>
    /// <param name="pods">In a stable order.</param>
    public static Problem? Find(IEnumerable<V1Pod> pods, IReadOnlyList<Corev1Event> events) =>
        pods.Select(pod => Of(pod, [.. events.Where(note => note.InvolvedObject?.Uid == pod.Metadata.Uid)]))
            .FirstOrDefault(problem => problem is not null);

    /// <summary>Why the pods of a Job are not made: a quota, a limit range or a webhook refuses them, which shows in events only.</summary>
    public static Problem? OfCreation(V1Job job, IReadOnlyList<Corev1Event> events) =>
        events.LastOrDefault(note =>
            note.InvolvedObject?.Uid == job.Metadata.Uid && note.Reason == KubernetesReasons.FailedCreate)?.Message is { } message
            ? new Problem(
                KubernetesReasons.FailedCreate,
                Cut(PodName().Replace(message, "$1")),
                RequiresUserAction: message.Contains(KubernetesReasons.IsForbidden, StringComparison.Ordinal))
            : null;

    /// <summary>True for a pod whose state does not say why it does not start: volumes and sandboxes fail in events only.</summary>
    public static bool NeedsEvents(V1Pod pod) => IsStarting(pod) || IsWaitingFor(pod, KubernetesReasons.ImagePullBackOff);

    /// <summary>When to look again: what keeps a pod from being started shows in events, which are not watched.</summary>
    /// <returns>Null where no pod is starting.</returns>
    public static TimeSpan? NextPoll(IEnumerable<V1Pod> pods) => pods.Any(IsStarting) ? StartPoll : null;

    /// <summary>What ended a container that was started again since, though it may do well now.</summary>
    public static Problem? FindRestart(IEnumerable<V1Pod> pods) =>
        (from pod in pods
         where pod.Metadata.DeletionTimestamp is null
         from status in Containers(pod)
         where status.RestartCount > 0
         let ended = status.LastState?.Terminated ?? new V1ContainerStateTerminated { Message = "the container was started again" }
         select CrashProblem(ended)).FirstOrDefault();

    /// <summary>True for a pod that runs and has not been ready from before that time on.</summary>
    public static bool IsUnreadySince(V1Pod pod, DateTimeOffset latest) =>
        pod is { Metadata.DeletionTimestamp: null, Status.Phase: "Running" }
        && pod.Status.Conditions?.Any(condition =>
            condition is { Type: "Ready", Status: "False" } && condition.LastTransitionTime < latest) == true;

    // It has a node and not yet a container. Its status will not change if a volume cannot be mounted.
    private static bool IsStarting(V1Pod pod) =>
        IsWaitingFor(pod, null, KubernetesReasons.ContainerCreating, KubernetesReasons.PodInitializing);

    private static bool IsWaitingFor(V1Pod pod, params string?[] reasons) => pod.Metadata.DeletionTimestamp is null
        && IsScheduled(pod)
        && pod.Status?.Phase is "Pending"
        && Containers(pod).All(status =>
            status.State is null or { Running: null, Terminated: null } && reasons.Contains(status.State?.Waiting?.Reason));

    private static Problem? Of(V1Pod pod, IReadOnlyList<Corev1Event> events)
    {
        if (pod.Metadata.DeletionTimestamp is not null || pod.Status?.Phase is "Succeeded")
        {
            return null;
        }

        if (pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" }) is { } unscheduled)
        {
            return new Problem(
                unscheduled.Reason ?? KubernetesReasons.Unschedulable,
                Cut(unscheduled.Message ?? "no node takes the pod"),
                RequiresUserAction: false);
        }

        return Containers(pod).Select(status => OfContainer(status, events)).FirstOrDefault(problem => problem is not null)
            ?? (IsStarting(pod) ? OfEvents(events) : null)
            ?? (pod.Status is { Phase: "Failed", Reason: { } reason }
                ? new Problem(reason, Cut(pod.Status.Message ?? ""), RequiresUserAction: false)
                : null);
    }

    private static Problem? OfContainer(V1ContainerStatus status, IReadOnlyList<Corev1Event> events) => status.State?.Waiting switch
    {
        { Reason: KubernetesReasons.ErrImagePull or KubernetesReasons.ImagePullBackOff } waiting =>
            PullProblem(status, waiting, events),
        {
            Reason: KubernetesReasons.InvalidImageName or KubernetesReasons.ErrImageNeverPull or KubernetesReasons.ImageInspectError
        } waiting =>
            new Problem(waiting.Reason, Cut($"image \"{status.Image}\": {waiting.Message}"), RequiresUserAction: true)
            {
                IsPersistent = true,
            },
        {
            Reason: KubernetesReasons.CreateContainerConfigError or KubernetesReasons.CreateContainerError
                or KubernetesReasons.RunContainerError
        } waiting =>
            new Problem(waiting.Reason, Cut(waiting.Message ?? ""), RequiresUserAction: true),
        _ => status.Ready != true && Crash(status) is { } ended
            ? CrashProblem(ended) with { IsPersistent = ended.ExitCode == ExitCode.BadInput || status.RestartCount > 0 }
            : null,
    };

    // A container that was started again should not have ended, even with exit code 0: a server that does is of no use.
    private static V1ContainerStateTerminated? Crash(V1ContainerStatus status) =>
        status.State?.Terminated is { } ended ? (ended.ExitCode == 0 ? null : ended) : status.LastState?.Terminated;

    private static Problem PullProblem(V1ContainerStatus status, V1ContainerStateWaiting waiting, IReadOnlyList<Corev1Event> events)
    {
        // The back-off hides the cause that ErrImagePull had shown; kubelet's event still has it.
        var prefix = $"Failed to pull image \"{status.Image}\": ";
        var detail = waiting.Reason == KubernetesReasons.ErrImagePull
            ? waiting.Message
            : events.Select(note => note.Message)
                .LastOrDefault(message => message?.StartsWith(prefix, StringComparison.Ordinal) == true)?[prefix.Length..];
        var cause = string.IsNullOrEmpty(detail) ? "" : $": {detail}";
        return new Problem(
            KubernetesReasons.ImagePullBackOff, Cut($"image \"{status.Image}\" cannot be pulled{cause}"), RequiresUserAction: true)
        {
            IsPersistent = waiting.Reason == KubernetesReasons.ImagePullBackOff,
        };
    }

    private static Problem CrashProblem(V1ContainerStateTerminated ended) => ended switch
    {
        { Reason: KubernetesReasons.OOMKilled } =>
            new Problem(
                Reasons.OOMKilled, "the container needed more memory than its limits.memory; raise it", RequiresUserAction: true),
        _ => new Problem(
            ended.ExitCode == ExitCode.BadInput ? Reasons.BadInput : KubernetesReasons.CrashLoopBackOff,
            Cut(string.IsNullOrWhiteSpace(ended.Message)
                ? $"the container ended with exit code {ended.ExitCode}"
                : LastLine(ended.Message)),
            RequiresUserAction: true),
    };

    private static Problem? OfEvents(IReadOnlyList<Corev1Event> events) =>
        events.LastOrDefault(note => note.Type == "Warning") is { Reason: { } reason, Message: { } message }
            ? new Problem(reason, Cut(message), RequiresUserAction: false)
            : null;

    /// <summary>What a program said last, for messages that are the tail of a log.</summary>
    public static string LastLine(string message) => message.TrimEnd().Split('\n')[^1].Trim();

    private static IEnumerable<V1ContainerStatus> Containers(V1Pod pod) =>
        (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []);

    private static bool IsScheduled(V1Pod pod) =>
        pod.Status?.Conditions?.Any(condition => condition is { Type: "PodScheduled", Status: "True" }) == true;

    private static string Cut(string text) => Text.Truncate(text, MaxMessage);

    // Each attempt to make a pod has another name for it.
    [GeneratedRegex("""(\bpods?) "[^"]*"(?= is forbidden)""")]
    private static partial Regex PodName();
}

/// <summary>
/// Reads what is reported about pods that do not start, or are not made. Events are not cached: most clusters have more of them than of
/// all else.
/// </summary>
public sealed class PodEvents(IKubeReader reader, TimeProvider time)
{
    // Long enough for a pod to start in silence.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    // One shows why; the rest would say the same.
    private const int MaxPods = 2;

    /// <summary>The newest of those whose state does not say enough: they are of the version that is to come up.</summary>
    internal static IEnumerable<V1Pod> ToAsk(IEnumerable<V1Pod> pods, DateTimeOffset now) => pods
        .Where(pod => PodProblems.NeedsEvents(pod) && now - pod.Metadata.CreationTimestamp > _patience)
        .OrderByDescending(pod => pod.Metadata.CreationTimestamp)
        .Take(MaxPods);

    /// <param name="waiting">A Job without pods; null where there is none.</param>
    /// <returns>Warnings, oldest first.</returns>
    public async Task<IReadOnlyList<Corev1Event>> ReadAsync(
        IEnumerable<V1Pod> pods, CancellationToken cancellationToken, V1Job? waiting = null)
    {
        var now = time.GetUtcNow();
        var asked = ToAsk(pods, now).Select(pod => pod.Metadata);
        var warnings = new List<Corev1Event>();
        foreach (var about in now - waiting?.Metadata.CreationTimestamp > _patience ? asked.Append(waiting!.Metadata) : asked)
        {
            var options = new ListOptions { FieldSelector = $"involvedObject.uid={about.Uid}" };
            var list = await reader.ListAsync<Corev1Event>(NamespaceScope.In(about.NamespaceProperty!), options, cancellationToken);
            warnings.AddRange(list.Items.Where(note => note.Type == "Warning"));
        }

        return [.. warnings.OrderBy(note => note.LastTimestamp).ThenBy(note => note.Metadata.Name, StringComparer.Ordinal)];
    }
}
