namespace IrisOperator.Registry.Wire;

/// <summary>A request as a value: what is sent, before anything is sent.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Repository">Whose credentials are used.</param>
/// <param name="Target">Path and query, escaped; or, for an upload's next step and a list's next page, what the registry gave as
/// such.</param>
/// <param name="Scope">In the token service's language: <c>repository:path:pull</c>, several joined by a space.</param>
internal sealed record RegistryRequest(HttpMethod Method, RepositoryName Repository, string Target, string Scope)
{
    public string? Accept { get; init; }

    public string? ContentType { get; init; }

    public string? ContentRange { get; init; }

    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>False for a step of an upload that depends on where the upload stands.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>For messages. Without the query, which in an upload's address can be a key.</summary>
    public override string ToString() =>
        $"{Method} {Repository.Registry}{Target.AsSpan(0, Target.IndexOf('?') is >= 0 and var query ? query : Target.Length)}";
}
