using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace IrisOperator.Registry;

/// <summary>
/// One image: <c>host[:port]/path</c> with <c>:tag</c>, <c>@sha256:…</c> or both. With both, the digest counts and the tag is for people.
/// </summary>
public sealed record ImageReference
{
    internal ImageReference(RepositoryName repository, Tag? tag, Digest? digest) => (Repository, Tag, Digest) = (repository, tag, digest);

    public RepositoryName Repository { get; }

    public Tag? Tag { get; }

    public Digest? Digest { get; }

    /// <summary>What stands in a manifest's URL.</summary>
    internal string Selector => Digest?.ToString() ?? Tag!.Text;

    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? image, [NotNullWhen(false)] out string? error)
    {
        image = null;
        var name = text ?? "";
        Digest? digest = null;
        if (name.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at)
        {
            if (!Digest.TryParse(name[(at + 1)..], out digest))
            {
                error = $"{Quote(text)}: after @, expected sha256: and 64 lower-case hexadecimal digits";
                return false;
            }

            name = name[..at];
        }

        Tag? tag = null;
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            if (!Tag.TryParse(name[(colon + 1)..], out tag))
            {
                error = $"{Quote(text)}: after the last ':', expected a tag such as 1.2.3";
                return false;
            }

            name = name[..colon];
        }

        if (!RepositoryName.TryParse(name, out var repository, out error))
        {
            return false;
        }

        if (tag is null && digest is null)
        {
            error = $"{Quote(text)} names no version: expected :tag or @sha256:… after the repository";
            return false;
        }

        image = new ImageReference(repository, tag, digest);
        return true;
    }

    /// <exception cref="FormatException">The text names no image.</exception>
    public static ImageReference Parse(string? text) =>
        TryParse(text, out var image, out var error) ? image : throw new FormatException(error);

    public override string ToString() => $"{Repository}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";
}

/// <summary>
/// Where the versions of one image live: <c>registry.example:5000/team/iris</c>. The registry is never guessed, so Docker Hub's
/// <c>nginx</c> is written <c>docker.io/library/nginx</c>.
/// </summary>
public sealed partial record RepositoryName
{
    private const int MaxPathLength = 255;

    private RepositoryName(RegistryHost registry, string path) => (Registry, Path) = (registry, path);

    public RegistryHost Registry { get; }

    /// <summary>As in the distribution specification: lower-case words, with <c>/</c> between them.</summary>
    public string Path { get; }

    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out RepositoryName? repository, [NotNullWhen(false)] out string? error)
    {
        repository = null;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (text is null || slash < 0 || !LooksLikeHost(text[..slash]))
        {
            error = $"{Quote(text)} names no registry: expected host/path, such as registry.example/iris or docker.io/library/nginx";
            return false;
        }

        if (!RegistryHost.TryParse(text[..slash], out var registry, out error))
        {
            return false;
        }

        var path = text[(slash + 1)..];
        if (path.Length > MaxPathLength || !Shape().IsMatch(path))
        {
            error = $"{Quote(text)} is no repository: after the registry, expected lower-case words of letters and digits, joined by "
                + $"/, ., _, __ or -, at most {MaxPathLength} characters, without tag or digest";
            return false;
        }

        repository = new RepositoryName(registry, path);
        return true;
    }

    /// <exception cref="FormatException">The text names no repository.</exception>
    public static RepositoryName Parse(string? text) =>
        TryParse(text, out var repository, out var error) ? repository : throw new FormatException(error);

    public ImageReference With(Tag tag) => new(this, tag, null);

    public ImageReference With(Digest digest) => new(this, null, digest);

    public override string ToString() => $"{Registry}/{Path}";

    // The rule that Docker made: what has neither a dot nor a port is the first word of a path on Docker Hub.
    private static bool LooksLikeHost(string first) => first == "localhost" || first.AsSpan().ContainsAny('.', ':');

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}

/// <summary>The host of a registry and, where it was given, the port. Docker Hub's several names are one: docker.io.</summary>
public sealed partial record RegistryHost
{
    private const string DockerHub = "docker.io";

    private RegistryHost(string name, int? port) =>
        (Name, Port) = (name is "index.docker.io" or "registry-1.docker.io" ? DockerHub : name, port);

    /// <summary>Lower case; an IPv6 address in brackets.</summary>
    public string Name { get; }

    /// <summary>Null for the scheme's own.</summary>
    public int? Port { get; }

    /// <summary>Where Docker Hub's registry listens is not what images are called after.</summary>
    internal string ConnectName => Name == DockerHub ? "registry-1.docker.io" : Name;

    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out RegistryHost? host, [NotNullWhen(false)] out string? error)
    {
        var match = text is { Length: <= 260 } ? Shape().Match(text) : Match.Empty;
        var (name, port) = (match.Groups["name"].Value, match.Groups["port"].Value);
        var number = port.Length > 0 ? int.Parse(port, CultureInfo.InvariantCulture) : (int?)null;
        host = match.Success && IsName(name) && number is null or (> 0 and <= 65535)
            ? new RegistryHost(name.ToLowerInvariant(), number)
            : null;
        error = host is null ? $"{Quote(text)} is no registry: expected host or host:port, such as registry.example:5000" : null;
        return host is not null;
    }

    /// <exception cref="FormatException">The text names no registry.</exception>
    public static RegistryHost Parse(string? text) => TryParse(text, out var host, out var error) ? host : throw new FormatException(error);

    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{port}") : Name;

    private static bool IsName(string name) => !name.StartsWith('[')
        || (IPAddress.TryParse(name, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6);

    [GeneratedRegex(
        @"^(?<name>[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\])"
        + @"(?::(?<port>[0-9]{1,5}))?\z")]
    private static partial Regex Shape();
}

/// <summary>A name for a manifest within a repository. A registry may point it elsewhere at any time.</summary>
public sealed record Tag
{
    private const int MaxLength = 128;

    private static readonly SearchValues<char> _allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private Tag(string text) => Text = text;

    public string Text { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Tag? tag)
    {
        tag = text is { Length: > 0 and <= MaxLength } && text[0] is not ('.' or '-') && !text.AsSpan().ContainsAnyExcept(_allowed)
            ? new Tag(text)
            : null;
        return tag is not null;
    }

    /// <exception cref="FormatException">The text is no tag.</exception>
    public static Tag Parse(string? text) => TryParse(text, out var tag)
        ? tag
        : throw new FormatException(
            $"{Quote(text)} is no tag: expected 1 to {MaxLength} letters, digits, '_', '.' or '-', the first neither '.' nor '-'");

    public override string ToString() => Text;
}
