using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IrisOperator.Learning.Format;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Training.Import;

/// <summary>What a trainer that is not ours left in a folder.</summary>
public sealed class TrainedFolder
{
    private const string ClassesFile = "classes.json";
    private const string MetricsFile = "metrics.json";

    private TrainedFolder(string[] files, ForeignModelFile? model, string? unserved) =>
        (Files, Model, Unserved) = (files, model is null ? null : new ModelImporter(model), unserved);

    /// <summary>Paths of all files but those that tell names and metrics.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The one file that can be served; null where there is none.</summary>
    public ModelImporter? Model { get; }

    /// <summary>What there is instead, and what to export; null where there is a model.</summary>
    public string? Unserved { get; }

    /// <summary>Sum of one file, or of the lines that sha256sum writes of several.</summary>
    public Digest Digest
    {
        get
        {
            Digest[] sums = [.. Files.Select(Sum)];
            var lines = sums.Zip(Files, (sum, file) => $"{sum.Hex}  {Path.GetFileName(file)}\n");
            return sums is [var only] ? only : Digest.Of(Encoding.UTF8.GetBytes(string.Concat(lines)));
        }
    }

    /// <summary>What the trainer says of its own model, in metrics.json: an object of numbers. Empty without one.</summary>
    /// <exception cref="InputException">Something else.</exception>
    public Metrics ToldMetrics { get; private init; } = new(new Dictionary<string, double>(StringComparer.Ordinal), [], []);

    /// <exception cref="InputException">There is nothing, or more than one model.</exception>
    public static TrainedFolder Open(string folder)
    {
        string[] all = [.. Directory.GetFiles(folder).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal)];
        string[] files = [.. all.Where(file => Path.GetFileName(file) is not (ClassesFile or MetricsFile))];
        if (files.Length == 0)
        {
            throw ForeignModel.Wrong($"the trainer left no file in its output folder ({folder}): expected a model");
        }
        var (models, others) = (new List<ForeignModelFile>(), new List<string>());
        foreach (var file in files)
        {
            try
            {
                models.Add(ForeignModelFile.Read(file));
            }
            catch (InputException e)
            {
                others.Add(e.Message);
            }
        }
        if (models.Count > 1)
        {
            var names = string.Join(", ", models.Select(model => model.Name));
            throw ForeignModel.Wrong($"the trainer left {models.Count} models, {names}: expected one");
        }
        var classes = all.FirstOrDefault(file => Path.GetFileName(file) == ClassesFile);
        var metrics = all.FirstOrDefault(file => Path.GetFileName(file) == MetricsFile);
        return new TrainedFolder(files, models is [var one] ? Named(one, classes) : null, models.Count > 0 ? null : Best(others))
        {
            ToldMetrics = new(metrics is null ? new() : Read<Dictionary<string, double>>(metrics, "an object of numbers"), [], []),
        };
    }

    private static Digest Sum(string path)
    {
        using var file = File.OpenRead(path);
        return Digest.FromHash(SHA256.HashData(file));
    }

    /// <summary>With the names of the classes that the trainer numbered, in the order of their numbers.</summary>
    private static ForeignModelFile Named(ForeignModelFile file, string? classes)
    {
        if (classes is null || file.Model.Classes == 0)
        {
            return file;
        }
        var names = Read<string[]>(classes, "an array of names");
        return names.Length == file.Model.Classes
            ? file with { Model = file.Model with { Labels = names } }
            : throw ForeignModel.Wrong($"{ClassesFile} names {names.Length} classes, and {file.Name} tells {file.Model.Classes} apart");
    }

    // A picture or a text beside a pickle says nothing of it.
    private static string Best(List<string> problems) =>
        problems.FirstOrDefault(problem => !problem.Contains(ForeignModelFile.Unknown, StringComparison.Ordinal)) ?? problems[0];

    private static T Read<T>(string file, string expected)
        where T : class
    {
        try
        {
            return (T?)JsonSerializer.Deserialize(File.ReadAllBytes(file), typeof(T), TrainedJson.Default)
                ?? throw ForeignModel.Wrong($"{Path.GetFileName(file)}: expected {expected}, found null");
        }
        catch (JsonException e)
        {
            throw ForeignModel.Wrong($"{Path.GetFileName(file)}: expected {expected}: {ModelReader.OneLine(e.Message)}");
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, double>))]
internal sealed partial class TrainedJson : System.Text.Json.Serialization.JsonSerializerContext;
