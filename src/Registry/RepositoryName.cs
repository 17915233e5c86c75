using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace IrisOperator.Registry;

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
