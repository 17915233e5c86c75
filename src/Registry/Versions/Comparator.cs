using NuGet.Versioning;

namespace IrisOperator.Registry.Versions;

/// <summary>One bound of a range.</summary>
/// <param name="IsLower">At least; else at most.</param>
/// <param name="Inclusive">Whether the bound itself is within.</param>
/// <param name="Bound">As given, or completed with zeros.</param>
internal readonly record struct Comparator(bool IsLower, bool Inclusive, SemanticVersion Bound)
{
    public bool Allows(SemanticVersion version)
    {
        var order = version.CompareTo(Bound);
        return order == 0 ? Inclusive : IsLower == (order > 0);
    }

    /// <summary>Whether whoever wrote the bound thought of pre-releases of this version.</summary>
    public bool NamesPreReleaseOf(SemanticVersion version) =>
        Bound.IsPrerelease && (Bound.Major, Bound.Minor, Bound.Patch) == (version.Major, version.Minor, version.Patch);
}
