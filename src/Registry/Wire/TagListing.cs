using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace IrisOperator.Registry.Wire;

/// <summary>Walks the pages of a tag list within limits of pages, tags, bytes and time, with one buffer for all of them.</summary>
internal sealed class TagListing(RegistrySender sender, RegistryTransport transport, RepositoryName repository)
{
    private const int BufferBytes = 32 << 10;
    private readonly HashSet<string> _visited = [];
    private TimeSpan _spent;
    private long _bytes;

    private RegistryOptions Options => transport.Options;

    private string Asked => $"GET {repository} tags";

    /// <param name="mustExist">False: a repository that is not there has no tags.</param>
    public async IAsyncEnumerable<Tag> ReadAsync(bool mustExist, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (buffer, batch, count) = (new byte[BufferBytes], new List<Tag>(), 0);
        var next = RegistryRequests.ListTags(repository);
        while (next is not null)
        {
            Stream page;
            try
            {
                (page, next) = await OpenAsync(next, cancellationToken);
            }
            catch (RegistryException error) when (!mustExist && error.Problem == RegistryProblem.NotFound)
            {
                yield break;
            }

            await using var opened = page;
            var (parser, filled, read) = (new TagPageParser(), 0, 1);
            while (read > 0)
            {
                read = await FillAsync(page, buffer.AsMemory(filled), cancellationToken);
                filled = Parse(parser, buffer, filled + read, read == 0, batch);
                count += batch.Count;
                if (count > Options.MaxTags)
                {
                    throw TooLarge($"more than {Options.MaxTags} tags");
                }

                foreach (var tag in batch)
                {
                    yield return tag;
                }

                batch.Clear();
            }
        }
    }

    private async Task<(Stream Page, RegistryRequest? Next)> OpenAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        if (_visited.Count >= Options.MaxTagPages)
        {
            throw TooLarge($"more than {Options.MaxTagPages} pages");
        }

        if (!_visited.Add(request.Target))
        {
            throw Invalid("the registry's pages lead back to one that was read already");
        }

        var left = Options.TagListTimeout - _spent;
        if (left <= TimeSpan.Zero)
        {
            throw new RegistryException(RegistryProblem.TooSlow, $"{Asked}: not complete after {Options.TagListTimeout.TotalSeconds:0} s");
        }

        var limits = new ReadLimits(Asked, Options.MaxTagListBytes - _bytes, Options.MinProgressBytes, Options.ProgressWindow, left);
        var began = transport.Time.GetTimestamp();
        var page = await sender.SendAsync(
            request,
            async (response, address, token) =>
            {
                var link = LinkHeader.Next(response.Headers.TryGetValues("Link", out var links) ? string.Join(',', links) : "");
                var next = link is null ? null : RegistryRequests.NextTags(repository, RedirectRules.SameRegistry(request, address, link));
                var body = await response.Content.ReadAsStreamAsync(token);
                return ((Stream)new AnswerStream(body, limits, transport.Time, response), next);
            },
            cancellationToken);
        _spent += transport.Time.GetElapsedTime(began);
        return page;
    }

    private async Task<int> FillAsync(Stream page, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
        {
            throw Invalid($"the list has a text of more than {BufferBytes} bytes in it");
        }

        var began = transport.Time.GetTimestamp();
        var read = await page.ReadAsync(buffer, cancellationToken);
        _spent += transport.Time.GetElapsedTime(began);
        _bytes += read;
        return read;
    }

    // Returns how many bytes at the beginning of the buffer are the start of what is not complete yet.
    private int Parse(TagPageParser parser, Span<byte> buffer, int filled, bool isLast, List<Tag> batch)
    {
        try
        {
            var used = parser.Feed(buffer[..filled], isLast, batch);
            buffer[used..filled].CopyTo(buffer);
            return filled - used;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Invalid("the answer is no list of tags", error);
        }
    }

    private RegistryException Invalid(string what, Exception? cause = null) =>
        new(RegistryProblem.InvalidAnswer, $"{Asked}: {what}", cause);

    private RegistryException TooLarge(string what) =>
        new(RegistryProblem.TooLarge, $"{Asked}: the registry lists {what}; delete old ones");
}

/// <summary>
/// Takes the tags out of one page of <c>{"name":…,"tags":[…]}</c> as it arrives, so that a page of any length needs one buffer.
/// </summary>
internal sealed class TagPageParser
{
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 16 });
    private bool _isTags;

    /// <summary>Reads what is complete in the bytes and returns how many it used.</summary>
    /// <exception cref="JsonException">Not JSON, or not an object with a list of strings.</exception>
    public int Feed(ReadOnlySpan<byte> bytes, bool isLast, List<Tag> tags)
    {
        var reader = new Utf8JsonReader(bytes, isLast, _state);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray when reader.CurrentDepth == 0:
                    throw new JsonException("expected an object");
                case JsonTokenType.PropertyName when reader.CurrentDepth == 1:
                    _isTags = reader.ValueTextEquals("tags"u8);
                    break;

                // What is no tag could not be asked for either.
                case JsonTokenType.String when _isTags && reader.CurrentDepth == 2 && Tag.TryParse(reader.GetString(), out var tag):
                    tags.Add(tag);
                    break;
            }
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }
}

/// <summary>RFC 8288, as far as lists need it.</summary>
internal static partial class LinkHeader
{
    /// <summary>The target of <c>rel="next"</c>; null when the list ends here.</summary>
    public static string? Next(string links) => Target().Match(links) is { Success: true } next ? next.Groups[1].Value : null;

    [GeneratedRegex("""<([^>]+)>(?:[^<]*;)?\s*rel\s*=\s*"?next"?\s*(?=[;,]|\z)""", RegexOptions.IgnoreCase)]
    private static partial Regex Target();
}
