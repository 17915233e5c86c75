using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using IrisOperator.Common;
using IrisOperator.Kube.Runtime.Diagnostics;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Events;

/// <summary>
/// Tells users what happened to an object, as events of v1: in those of events.k8s.io the server refuses lastTimestamp, by which lists are
/// sorted. Best effort: an event may be lost, a pass is never held up.
/// </summary>
/// <remarks>
/// Guarantees: <see cref="Publish"/> neither waits nor throws for the server; at most 50 writes in a burst and 5 a second after it; the
/// same note about the same object within ten minutes raises a count, and that at most every half minute.
/// </remarks>
/// <param name="client">Behind the gate of the election.</param>
/// <param name="controller">reportingComponent, for example <c>iris-operator.dev/operator</c>.</param>
/// <param name="instance">reportingInstance: the pod's name.</param>
public sealed partial class EventRecorder(IKubeWriter client, string controller, string instance, ILogger logger, TimeProvider time)
{
    private const int MaxWaiting = 500;
    private const int MaxRemembered = 2000;
    private const int MaxNoteBytes = 1024;
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _countEvery = TimeSpan.FromSeconds(30);
    private readonly Channel<(IKubernetesObject<V1ObjectMeta> Regarding, EventNote Note)> _waiting =
        Channel.CreateBounded<(IKubernetesObject<V1ObjectMeta>, EventNote)>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            static _ => RuntimeMetrics.Events.WithLabels("dropped").Inc());

    private readonly Dictionary<(string? Uid, ObjectKey Regarding, EventNote Note), Remembered> _sent = [];
    private readonly TokenBucket _bucket = new(burst: 50, perSecond: 5, time);

    /// <summary>Returns at once.</summary>
    public void Publish(IKubernetesObject<V1ObjectMeta> regarding, EventNote note) =>
        _waiting.Writer.TryWrite((regarding, note with { Note = Text.TruncateUtf8(note.Note, MaxNoteBytes) }));

    /// <summary>Sends what is published, until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var (regarding, note) in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            await HandleAsync(regarding, note, cancellationToken);
        }
    }

    private async Task HandleAsync(IKubernetesObject<V1ObjectMeta> regarding, EventNote note, CancellationToken cancellationToken)
    {
        var key = (regarding.Metadata.Uid, Regarding: regarding.Key(), note);
        var now = time.GetTimestamp();
        var known = _sent.TryGetValue(key, out var before) && time.GetElapsedTime(before.LastSent, now) < _window;
        if (known && time.GetElapsedTime(before.LastSent, now) < _countEvery)
        {
            _sent[key] = before with { Count = before.Count + 1 };
            RuntimeMetrics.Events.WithLabels("merged").Inc();
            return;
        }

        if (!_bucket.TryTake())
        {
            RuntimeMetrics.Events.WithLabels("dropped").Inc();
            return;
        }

        try
        {
            var sent = known
                ? await CountAsync(before with { Count = before.Count + 1, LastSent = now }, cancellationToken)
                : await CreateAsync(regarding, note, now, cancellationToken);
            if (_sent.Count >= MaxRemembered)
            {
                // Rare and cheap: forgetting means at worst one event instead of a count.
                _sent.Clear();
            }

            _sent[key] = sent;
            RuntimeMetrics.Events.WithLabels("sent").Inc();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // The object's namespace may be terminating, the server away. Nobody waits for an event.
            _sent.Remove(key);
            RuntimeMetrics.Events.WithLabels("failed").Inc();
            LogFailed(error.Message, note.Reason, key.Regarding);
        }
    }

    private async Task<Remembered> CreateAsync(
        IKubernetesObject<V1ObjectMeta> regarding, EventNote note, long now, CancellationToken cancellationToken)
    {
        var clock = time.GetUtcNow();
        var about = regarding.Metadata.Name!;
        var stamp = clock.UtcTicks.ToString("x", CultureInfo.InvariantCulture);
        var made = await client.CreateAsync(
            new Corev1Event
            {
                Metadata = new V1ObjectMeta
                {
                    NamespaceProperty = regarding.Metadata.NamespaceProperty ?? "default",
                    Name = $"{about[..Math.Min(about.Length, 200)].TrimEnd('.', '-')}.{stamp}",
                },
                EventTime = clock.UtcDateTime,
                FirstTimestamp = clock.UtcDateTime,
                LastTimestamp = clock.UtcDateTime,
                Count = 1,
                ReportingComponent = controller,
                ReportingInstance = instance,
                Action = note.Action,
                Reason = note.Reason,
                Message = note.Note,
                Type = note.IsWarning ? "Warning" : "Normal",
                InvolvedObject = regarding.ToReference(),
            },
            cancellationToken);
        return new Remembered(made.Key(), 1, now);
    }

    private async Task<Remembered> CountAsync(Remembered next, CancellationToken cancellationToken)
    {
        var last = time.GetUtcNow().ToString(MicroTime.WholeSeconds, CultureInfo.InvariantCulture);
        var patch = new JsonObject { ["count"] = next.Count, ["lastTimestamp"] = last };
        await client.PatchAsync<Corev1Event>(next.Key, patch, null, cancellationToken);
        return next;
    }

    private readonly record struct Remembered(ObjectKey Key, int Count, long LastSent);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Event {Reason} about {Regarding} was not recorded: {Problem}")]
    private partial void LogFailed(string problem, string reason, ObjectKey regarding);
}

/// <summary>What to tell the user about an object.</summary>
/// <param name="Reason">CamelCase, the same word as the condition's reason.</param>
/// <param name="Note">A sentence; cut at 1024 bytes, the server's limit.</param>
/// <param name="Action">CamelCase: what the operator did or tried, for example <c>CreateJob</c>.</param>
public readonly record struct EventNote(string Reason, string Note, string Action, bool IsWarning = false);

/// <summary>Admits a burst, then a steady rate. Not thread safe.</summary>
internal sealed class TokenBucket(int burst, double perSecond, TimeProvider time)
{
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
