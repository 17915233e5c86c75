using System.Collections;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Diagnostics;

/// <summary>What every log line of one reconcile carries: namespace, name, generation and an id that no other reconcile has.</summary>
internal sealed class ReconcileScope : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly ObjectKey _key;
    private readonly long? _generation;

    // Made by the first line: most reconciles write none.
    private string? _id;

    private ReconcileScope(ObjectKey key, long? generation) => (_key, _generation) = (key, generation);

    public int Count => 4;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("namespace", _key.Namespace),
        1 => new("name", _key.Name),
        2 => new("generation", _generation),
        3 => new("reconcileId", _id ??= Guid.NewGuid().ToString()),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <param name="generation">Asked only where something is logged; null for an object that is gone.</param>
    public static IDisposable? Begin(ILogger logger, ObjectKey key, Func<ObjectKey, long?> generation) =>
        logger.IsEnabled(LogLevel.Critical) ? logger.BeginScope(new ReconcileScope(key, generation(key))) : null;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"reconcile of {_key}";
}
