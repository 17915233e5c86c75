using System.Numerics;
using IrisOperator.Registry.Versions;

namespace IrisOperator.Registry.Images;

/// <summary>What a repository's tags say about one series of versions.</summary>
internal sealed class SeriesState
{
    private readonly VersionSeries _series;
    private readonly SortedSet<BigInteger> _versions = [];
    private readonly Dictionary<BigInteger, SortedSet<string>> _claims = [];

    private SeriesState(VersionSeries series) => _series = series;

    /// <summary>The first number that nobody has or wants.</summary>
    public BigInteger Next => BigInteger.Max(Newest ?? -1, _claims.Count == 0 ? -1 : _claims.Keys.Max()) + 1;

    public static async Task<SeriesState> ReadAsync(
        RegistryClient client, RepositoryName repository, VersionSeries series, CancellationToken cancellationToken)
    {
        var state = new SeriesState(series);
        try
        {
            await foreach (var tag in client.ListTagsAsync(repository, cancellationToken))
            {
                state.Add(tag);
            }
        }
        catch (RegistryException error) when (error.Problem == RegistryProblem.NotFound)
        {
            // Nothing was ever tagged there.
        }

        return state;
    }

    public bool HasClaim(BigInteger patch, string owner) => _claims.TryGetValue(patch, out var owners) && owners.Contains(owner);

    /// <summary>The highest number that an image has; null where there is none.</summary>
    public BigInteger? Newest => _versions.Count == 0 ? null : _versions.Max;

    /// <summary>
    /// The numbers above all versions that an owner has claimed: what an earlier try left. Those below would not be the newest.
    /// </summary>
    public IEnumerable<BigInteger> OpenClaims(string owner) => _claims.Keys.Order().Where(patch => !(patch <= Newest) && HasClaim(patch, owner));

    public int Claimants(BigInteger patch) => _claims.TryGetValue(patch, out var owners) ? owners.Count : 0;

    /// <summary>How many of a number's claimants come before this one.</summary>
    public int Rank(BigInteger patch, string owner) =>
        _claims.TryGetValue(patch, out var owners) ? owners.TakeWhile(one => one != owner).Count() : 0;

    private void Add(Tag tag)
    {
        if (_series.PatchOf(tag) is { } patch)
        {
            _versions.Add(patch);
        }
        else if (ClaimTag.TryParse(tag, out var claim) && Tag.TryParse(claim.Version, out var version)
            && _series.PatchOf(version) is { } claimed)
        {
            if (!_claims.TryGetValue(claimed, out var owners))
            {
                _claims[claimed] = owners = new SortedSet<string>(StringComparer.Ordinal);
            }

            owners.Add(claim.Owner);
        }
    }
}
