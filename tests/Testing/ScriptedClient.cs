using System.Text.Json.Nodes;
using Xunit;

namespace IrisOperator.Testing;

/// <summary>
/// A client with a script: each request must be the next one, such as <c>create Job iris-1</c>, and gets the answer beside it. An
/// exception is thrown; what is written comes back where the script says <see cref="Ok"/>; null is an answer 404.
/// </summary>
public sealed class ScriptedClient(params (string Request, object? Answer)[] script) : IKubeClient
{
    public static readonly object Ok = new();

    private readonly Queue<(string Request, object? Answer)> _script = new(script);

    /// <summary>Requests that the script still expects.</summary>
    public IEnumerable<string> Left => _script.Select(line => line.Request);

    /// <summary>Merge patches of a status, in order.</summary>
    public List<JsonObject> Statuses { get; } = [];

    public static KubeApiException Refusal(int code, string reason, string message = "no") =>
        new(new V1Status { Code = code, Reason = reason, Message = message });

    public Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => Task.FromResult((T?)Next<T>("get", key.Name));

    public Task<PartialObjectMetadata?> GetMetadataAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => Task.FromResult(
            Next<T>("metadata", key.Name) is T found ? new PartialObjectMetadata { Metadata = found.Metadata } : null);

    public Task<KubeList<T>> ListAsync<T>(NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Task.FromResult(new KubeList<T>((IReadOnlyList<T>)Next<T>("list", scope.ToString())!, "1", []));

    public Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => WriteAsync("create", obj.Metadata.Name, obj);

    public Task<T> ApplyAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => WriteAsync(options.Force ? "force" : "apply", obj.Metadata.Name, obj);

    public Task<T> PatchAsync<T>(
        ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => WriteAsync<T>("patch", key.Name, null);

    public Task<T> PatchStatusAsync<T>(
        ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        Statuses.Add(patch);
        return WriteAsync<T>("status", key.Name, null);
    }

    public Task<bool> DeleteAsync<T>(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => Task.FromResult(Next<T>("delete", key.Name) is not null);

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        NamespaceScope scope, WatchOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

    // Of a patch nobody reads the answer but the status's, which the script gives where it matters.
    private Task<T> WriteAsync<T>(string verb, string? name, T? sent)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Task.FromResult(Next<T>(verb, name) is T answer ? answer : sent!);

    private object? Next<T>(string verb, string? name)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var request = $"{verb} {Kind<T>.Definition.Kind} {name}";
        Assert.True(_script.TryDequeue(out var next), $"{request} is not in the script, which is at its end");
        Assert.Equal(next.Request, request);
        return next.Answer is Exception error ? throw error : next.Answer;
    }
}
