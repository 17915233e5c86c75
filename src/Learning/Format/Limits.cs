namespace IrisOperator.Learning.Format;

/// <summary>
/// What a model file may ask of the process that loads it. Each is far above any model that this trainer writes and
/// far below what would hurt; the length is checked before the file is read, the rest before anything is allocated for it.
/// </summary>
internal static class Limits
{
    public const int ManifestBytes = 64 * 1024;
    public const int FileBytes = 32 * 1024 * 1024;
    public const int Features = 10_000;
    public const int Classes = 1_000;
    public const int NameLength = 1_000;
    public const int Trees = 200_000;
    public const int TreeDepth = 64;

    /// <summary>So small that the sum over all trees cannot become infinite in float32.</summary>
    public const float TreeWeight = 1e30f;

    public const int SupportVectors = 200_000;
    public const int PolynomialDegree = 10;
    public const int GoldenSamples = 1_000;
    public const int Parameters = 100;
}
