using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>
/// Generic verbs over the models of KubernetesClient. Bodies are of limited size and read asynchronously: the package decodes them while it
/// blocks a thread of the pool for each.
/// </summary>
/// <remarks>
/// Throws <see cref="KubeApiException"/> when the server refuses, <see cref="HttpRequestException"/> or <see cref="IOException"/> when
/// the connection fails, <see cref="TimeoutException"/> after <see cref="KubeClientOptions.RequestTimeout"/>, and
/// <see cref="InvalidDataException"/> for an answer that is too large or does not fit the model.
/// </remarks>
public sealed class KubeClient : IKubeClient, IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly string _server;
    private readonly string? _serverName;
    private readonly KubeClientOptions _options;
    private readonly TimeProvider _time;

    /// <param name="handlers">Between this client and the connection, for fault injection and tests.</param>
    public KubeClient(
        KubernetesClientConfiguration configuration,
        KubeClientOptions? options = null,
        TimeProvider? time = null,
        params IReadOnlyList<DelegatingHandler> handlers)
    {
        _options = options ?? new KubeClientOptions();
        _time = time ?? TimeProvider.System;
        // The package's own class would bring the code of every model and operation: twice the size of the program (docs/adr/0001).
        HttpMessageHandler connection = ApiHandler.Connect(configuration);
        foreach (var handler in handlers.Reverse().Append(new ApiHandler(configuration, _options, _time)))
        {
            handler.InnerHandler = connection;
            connection = handler;
        }

        _http = new HttpMessageInvoker(connection);
        _server = configuration.Host.TrimEnd('/');
        _serverName = configuration.TlsServerName;
    }

    public Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => NullIfAbsentAsync(SendAsync<T>(KubeRequests.Get<T>(key), cancellationToken));

    public Task<PartialObjectMetadata?> GetMetadataAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        NullIfAbsentAsync(SendAsync(
            KubeRequests.Get<T>(key, KubeRequests.MetadataOnly), KubeJson.TypeInfo<PartialObjectMetadata>(), cancellationToken));

    public async Task<KubeList<T>> ListAsync<T>(
        NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        options ??= new ListOptions();
        var items = new List<T>();
        var invalid = new List<InvalidObject>();
        string? next = null;
        V1ListMeta meta;
        do
        {
            meta = await ReadAsync(
                KubeRequests.List<T>(scope, options, next),
                _options.MaxListBytes,
                body => ObjectDecoder.DecodeList(body, items, invalid),
                cancellationToken);
            next = string.IsNullOrEmpty(meta.ContinueProperty) ? null : meta.ContinueProperty;
        }
        while (next is not null);
        return new KubeList<T>(items, meta.ResourceVersion, invalid);
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        NamespaceScope scope, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var request = KubeRequests.Watch<T>(scope, options);
        using var response = await LimitAsync(request, token => OpenAsync(request, token), cancellationToken);
        yield return new WatchEvent<T> { Type = WatchEventType.Opened };
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        try
        {
            while (await BodyReader.ReadLineAsync(reader, _options.MaxObjectBytes, cancellationToken) is { } line)
            {
                var change = ObjectDecoder.DecodeEvent<T>(line);
                reader.AdvanceTo(line.End);
                yield return change;
                if (change.Type == WatchEventType.Error)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    public Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(KubeRequests.Create<T>(obj.Metadata?.NamespaceProperty, Serialize(obj)), cancellationToken);

    public Task<T> ApplyAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(KubeRequests.Apply<T>(obj.Key(), Serialize(obj), options), cancellationToken);

    public Task<T> PatchAsync<T>(
        ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(KubeRequests.Patch<T>(key, Encoding.UTF8.GetBytes(patch.ToJsonString()), options), cancellationToken);

    public Task<T> PatchStatusAsync<T>(
        ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(KubeRequests.Patch<T>(key, Encoding.UTF8.GetBytes(patch.ToJsonString()), options, "/status"), cancellationToken);

    public async Task<bool> DeleteAsync<T>(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        // The answer is a Status or the object with its deletionTimestamp; neither says more than the 2xx.
        var deleted = ReadAsync(KubeRequests.Delete<T>(key, options), _options.MaxObjectBytes, _ => _server, cancellationToken);
        return await NullIfAbsentAsync(deleted) is not null;
    }

    public void Dispose() => _http.Dispose();

    private static byte[] Serialize<T>(T obj)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        JsonSerializer.SerializeToUtf8Bytes(Kind<T>.Complete(obj), Kind<T>.JsonTypeInfo);

    private static async Task<TResult?> NullIfAbsentAsync<TResult>(Task<TResult> request)
        where TResult : class
    {
        try
        {
            return await request;
        }
        catch (KubeApiException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    private async Task<T> SendAsync<T>(KubeRequest request, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Kind<T>.Complete(await SendAsync(request, Kind<T>.JsonTypeInfo, cancellationToken));

    private Task<T> SendAsync<T>(KubeRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        ReadAsync(
            request,
            _options.MaxObjectBytes,
            body => ObjectDecoder.Deserialize(body, type) ?? throw new JsonException("null"),
            cancellationToken);

    private Task<TResult> ReadAsync<TResult>(
        KubeRequest request, int maxBytes, Func<ReadOnlySequence<byte>, TResult> decode, CancellationToken cancellationToken) => LimitAsync(
        request,
        async token =>
        {
            using var response = await OpenAsync(request, token);
            return await BodyReader.DecodeAsync(request, response, maxBytes, decode, token);
        },
        cancellationToken);

    // Returns a good answer with its body unread.
    private async Task<HttpResponseMessage> OpenAsync(KubeRequest request, CancellationToken cancellationToken)
    {
        var response = await _http.SendAsync(Message(request), cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var code = (int)response.StatusCode;
            var status = await BodyReader.DecodeAsync(
                request, response, _options.MaxObjectBytes, body => ObjectDecoder.DecodeError(code, body), cancellationToken);
            throw new KubeApiException(status, request.ToString(), ApiHandler.RetryAfter(response, _time));
        }
    }

    private HttpRequestMessage Message(in KubeRequest request)
    {
        var uri = new Uri(_server + request.PathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(request.Method, uri)
        {
            Version = _options.HttpVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        // What TLS asks the server for, and compares its certificate with, follows this header.
        message.Headers.Host = _serverName;
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        message.Options.Set(ApiHandler.Resource, request.Resource);
        if (request.ContentType is { } type)
        {
            message.Content = new ByteArrayContent(request.Body!) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        }

        return message;
    }

    // A request must end: a server that accepted it and went silent would hold a worker for ever.
    private async Task<TResult> LimitAsync<TResult>(
        KubeRequest request, Func<CancellationToken, Task<TResult>> send, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await send(linked.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {_options.RequestTimeout.TotalSeconds} s: {request}", error);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }
}
