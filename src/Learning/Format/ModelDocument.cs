namespace IrisOperator.Learning.Format;

/// <summary>model.json as it stands in the file. The order of the members is the order of the bytes.</summary>
internal sealed record ModelDocument(
    int FormatVersion,
    string Algorithm,
    FeatureDocument[] Features,
    string[] Classes,
    Dictionary<string, string> Parameters,
    GoldenSampleDocument[] GoldenSamples,
    TreesDocument? Trees = null,
    VectorsDocument? Vectors = null)
{
    public const int CurrentVersion = 1;
}

internal sealed record FeatureDocument(string Name, double Min, double Max);

internal sealed record GoldenSampleDocument(double[] Data, int Prediction, double[] Probabilities);
