using System.Text.Json;

namespace IrisOperator.Registry.Wire;

/// <summary>
/// Walks the pages of a tag list within limits of pages, tags, bytes and time, keeping one buffer and the addresses it has been to.
/// </summary>
internal sealed class TagListing(RegistrySender sender, RegistryTransport transport, RepositoryName repository)
{
    private const int BufferBytes = 32 << 10;
    private readonly HashSet<string> _visited = [];
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly List<Tag> _batch = [];
    private RegistryRequest? _next = RegistryRequests.ListTags(repository);
    private Stream? _page;
    private TagPageParser _parser = new();
    private TimeSpan _spent;
    private long _bytes;
    private int _filled;
    private int _tags;

    public bool IsComplete => _next is null && _page is null;

    private RegistryOptions Options => transport.Options;

    private string Asked => $"GET {repository} tags";

    /// <summary>The next tags that have arrived; may be none.</summary>
    public async Task<IReadOnlyList<Tag>> NextAsync(CancellationToken cancellationToken)
    {
        _batch.Clear();
        var began = transport.Time.GetTimestamp();
        try
        {
            _page ??= await OpenAsync(cancellationToken);
            await ReadAsync(_page, cancellationToken);
        }
        catch
        {
            await CloseAsync();
            _next = null;
            throw;
        }

        _spent += transport.Time.GetElapsedTime(began);
        _tags += _batch.Count;
        return _tags <= Options.MaxTags ? _batch : throw TooLarge($"more than {Options.MaxTags} tags");
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var request = _next!;
        if (_visited.Count >= Options.MaxTagPages)
        {
            throw TooLarge($"more than {Options.MaxTagPages} pages");
        }

        if (!_visited.Add(request.Target))
        {
            throw new RegistryException(
                RegistryProblem.InvalidAnswer, $"{Asked}: the registry's pages lead back to one that was read already");
        }

        var left = Options.TagListTimeout - _spent;
        if (left <= TimeSpan.Zero)
        {
            throw new RegistryException(RegistryProblem.TooSlow, $"{Asked}: not complete after {Options.TagListTimeout.TotalSeconds:0} s");
        }

        (_parser, _filled) = (new TagPageParser(), 0);
        return await sender.SendAsync<Stream>(
            request,
            async (response, address, token) =>
            {
                var next = response.Headers.TryGetValues("Link", out var links) ? LinkHeader.Next(links) : null;
                _next = next is null ? null : RegistryRequests.NextTags(repository, RedirectRules.SameRegistry(request, address, next));
                var limits = new ReadLimits(
                    Asked, Options.MaxTagListBytes - _bytes, Options.MinProgressBytes, Options.ProgressWindow, left);
                return new ProgressStream(await response.Content.ReadAsStreamAsync(token), limits, transport.Time, response);
            },
            cancellationToken);
    }

    private async Task ReadAsync(Stream page, CancellationToken cancellationToken)
    {
        if (_filled == _buffer.Length)
        {
            throw new RegistryException(
                RegistryProblem.InvalidAnswer, $"{Asked}: the list has a text of more than {BufferBytes} bytes in it");
        }

        var read = await page.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
        _bytes += read;
        _filled += read;
        try
        {
            var used = _parser.Feed(_buffer.AsSpan(0, _filled), read == 0, _batch);
            _buffer.AsSpan(used, _filled - used).CopyTo(_buffer);
            _filled -= used;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new RegistryException(RegistryProblem.InvalidAnswer, $"{Asked}: the answer is no list of tags", error);
        }

        if (read == 0)
        {
            await CloseAsync();
        }
    }

    private async ValueTask CloseAsync()
    {
        await (_page?.DisposeAsync() ?? default);
        _page = null;
    }

    private RegistryException TooLarge(string what) =>
        new(RegistryProblem.TooLarge, $"{Asked}: the registry lists {what}; delete old ones");
}
