namespace IrisOperator.Learning.Format;

/// <summary>The names of the files of a model folder.</summary>
internal static class ModelFile
{
    public const string Model = "model.json";
    public const string Text = "model.txt";
    public const string Report = "report.json";
    public const string Manifest = "manifest.json";

    public static readonly string[] Named = [Model, Text, Report];
}
