namespace IrisOperator.Operator.Pods;

/// <summary>
/// Reads what kubelet reports about pods that do not start. Events are not cached: most clusters have more of them than of all else.
/// </summary>
public sealed class PodEvents(IKubeReader reader, TimeProvider time)
{
    // Long enough for a pod to start in silence.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // One shows why; the rest would say the same.
    private const int MaxPods = 2;

    /// <returns>Warnings, oldest first.</returns>
    public async Task<IReadOnlyList<Corev1Event>> ReadAsync(IEnumerable<V1Pod> pods, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var warnings = new List<Corev1Event>();
        foreach (var pod in pods.Where(pod => PodTrouble.NeedsEvents(pod) && now - pod.Metadata.CreationTimestamp > Patience).Take(MaxPods))
        {
            var options = new ListOptions { FieldSelector = $"involvedObject.uid={pod.Metadata.Uid}" };
            var list = await reader.ListAsync<Corev1Event>(NamespaceScope.In(pod.Metadata.NamespaceProperty!), options, cancellationToken);
            warnings.AddRange(list.Items.Where(note => note.Type == "Warning"));
        }

        return [.. warnings.OrderBy(note => note.LastTimestamp).ThenBy(note => note.Metadata.Name, StringComparer.Ordinal)];
    }
}
