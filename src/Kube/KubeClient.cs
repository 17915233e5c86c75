using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IrisOperator.Kube.Models;
using IrisOperator.Kube.Wire;

namespace IrisOperator.Kube;

/// <summary>Talks to one API server over few connections. Bodies are decoded from pooled buffers of limited size.</summary>
/// <remarks>
/// Throws <see cref="KubeApiException"/> when the server refuses, <see cref="HttpRequestException"/> or <see cref="IOException"/> when
/// the connection fails, <see cref="TimeoutException"/> after <see cref="KubeClientOptions.RequestTimeout"/>, and
/// <see cref="InvalidDataException"/> for an answer that is too large or does not fit the model.
/// </remarks>
public sealed class KubeClient : IKubeClient, IDisposable
{
    private readonly KubeSender _sender;
    private readonly KubeClientOptions _options;
    private readonly TimeProvider _time;

    public KubeClient(KubeConfig config, KubeClientOptions? options = null, TimeProvider? time = null)
        : this(config, options, time, handler: null)
    {
    }

    /// <param name="config">The server; with an own handler only address and credentials count.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="time">Null for the system's.</param>
    /// <param name="handler">For fault injection and tests.</param>
    public KubeClient(KubeConfig config, KubeClientOptions? options, TimeProvider? time, HttpMessageHandler? handler)
    {
        _options = options ?? new KubeClientOptions();
        _time = time ?? TimeProvider.System;
        _sender = new KubeSender(config, _options, _time, handler);
    }

    public async Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>
    {
        try
        {
            return await SendAsync(KubeRequests.Get<T>(key), Kind<T>.JsonTypeInfo, cancellationToken);
        }
        catch (KubeApiException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    public async Task<PartialObjectMetadata?> GetMetadataAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>
    {
        try
        {
            var type = KubeJsonContext.Default.PartialObjectMetadata;
            return await SendAsync(KubeRequests.GetMetadata<T>(key), type, cancellationToken);
        }
        catch (KubeApiException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    public async Task<KubeList<T>> ListAsync<T>(
        NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>
    {
        options ??= new ListOptions();
        var items = new List<T>();
        var invalid = new List<InvalidObject>();
        string? next = null;
        V1ListMeta meta;
        do
        {
            using var body = new RentedBuffer(_options.MaxListBytes, initial: 1 << 16);
            var request = KubeRequests.List<T>(scope, options, next);
            await ReadAsync(request, body, cancellationToken);
            meta = Decode(request, body, utf8 => ListDecoder.Decode(utf8, items, invalid));
            next = string.IsNullOrEmpty(meta.Continue) ? null : meta.Continue;
        }
        while (next is not null);
        return new KubeList<T>(items, meta.ResourceVersion!, invalid);
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        NamespaceScope scope, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>
    {
        using var response = await LimitAsync(
            static (self, request, token) => self._sender.SendAsync(request, token),
            KubeRequests.Watch<T>(scope, options),
            cancellationToken);
        yield return new WatchEvent<T> { Type = WatchEventType.Opened };
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var lines = new LineReader(stream, _options.MaxObjectBytes);
        await using (lines)
        {
            while (await lines.MoveNextAsync(cancellationToken))
            {
                var change = WatchLineDecoder.Decode<T>(lines.Current.Span);
                yield return change;
                if (change.Type == WatchEventType.Error)
                {
                    yield break;
                }
            }
        }
    }

    public async Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>
    {
        using var body = Serialize(obj);
        return await SendAsync(
            KubeRequests.Create<T>(obj.Metadata.Namespace, body.Written) with { Lease = body }, Kind<T>.JsonTypeInfo, cancellationToken);
    }

    public Task<T> ApplyAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => ApplyAsync(obj, options, null, cancellationToken);

    public Task<T> ApplyStatusAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => ApplyAsync(obj, options, "status", cancellationToken);

    public Task<T> PatchAsync<T>(
        ObjectKey key, KubePatch patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => SendAsync(KubeRequests.Patch<T>(key, patch, options), Kind<T>.JsonTypeInfo, cancellationToken);

    public Task<T> PatchStatusAsync<T>(
        ObjectKey key, KubePatch patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> =>
        SendAsync(KubeRequests.Patch<T>(key, patch, options, "status"), Kind<T>.JsonTypeInfo, cancellationToken);

    public async Task<bool> DeleteAsync<T>(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>
    {
        try
        {
            // The answer is a Status or the object with its deletionTimestamp; neither says more than the 2xx.
            using var body = new RentedBuffer(_options.MaxObjectBytes);
            await ReadAsync(KubeRequests.Delete<T>(key, options), body, cancellationToken);
            return true;
        }
        catch (KubeApiException error) when (error.IsNotFound)
        {
            return false;
        }
    }

    public void Dispose() => _sender.Dispose();

    private async Task<T> ApplyAsync<T>(T obj, ApplyOptions options, string? subresource, CancellationToken cancellationToken)
        where T : class, IKubeResource<T>
    {
        using var body = Serialize(obj);
        var request = KubeRequests.Apply<T>(obj.Key(), body.Written, options, subresource) with { Lease = body };
        return await SendAsync(request, Kind<T>.JsonTypeInfo, cancellationToken);
    }

    private RentedBuffer Serialize<T>(T obj)
        where T : class, IKubeResource<T>
    {
        var body = new RentedBuffer(_options.MaxObjectBytes);
        using var json = new Utf8JsonWriter(body);
        JsonSerializer.Serialize(json, obj, Kind<T>.JsonTypeInfo);
        return body;
    }

    private async Task<T> SendAsync<T>(KubeRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var body = new RentedBuffer(_options.MaxObjectBytes);
        await ReadAsync(request, body, cancellationToken);
        return Decode(request, body, utf8 => JsonSerializer.Deserialize(utf8, type)) ?? throw new InvalidDataException($"{request}: null");
    }

    private Task<int> ReadAsync(KubeRequest request, RentedBuffer body, CancellationToken cancellationToken) => LimitAsync(
        static async (self, state, token) =>
        {
            using var response = await self._sender.SendAsync(state.request, token);
            await using var stream = await response.Content.ReadAsStreamAsync(token);
            await state.body.FillAsync(stream, token);
            return state.body.Written.Length;
        },
        (request, body),
        cancellationToken);

    // A request must end: a server that accepted it and went silent would hold a worker for ever.
    private async Task<TResult> LimitAsync<TState, TResult>(
        Func<KubeClient, TState, CancellationToken, Task<TResult>> send, TState state, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
        await using var _ = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            return await send(this, state, limit.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {_options.RequestTimeout.TotalSeconds} s: {state}", error);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private static TResult Decode<TResult>(KubeRequest request, RentedBuffer body, Func<ReadOnlySpan<byte>, TResult> decode)
    {
        try
        {
            return decode(body.Written.Span);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{request}: {error.Message}", error);
        }
    }
}
