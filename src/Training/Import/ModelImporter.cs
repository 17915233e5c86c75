using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Training.Import;

/// <summary>A model of another library, judged on rows that it may have seen, as a model folder of ours.</summary>
public sealed class ModelImporter
{
    /// <summary>Of the probabilities of a row, as for golden samples.</summary>
    private const double SumTolerance = 1e-3;

    private readonly ForeignModelFile _file;

    internal ModelImporter(ForeignModelFile file) => _file = file;

    /// <summary>How the table that judges the model has to be read.</summary>
    public TableTask Task => _file.Model.Classes == 0 ? TableTask.Regression : TableTask.Classification;

    /// <param name="path">The file, or a folder with one file.</param>
    /// <exception cref="InputException">Nothing that can be imported; says what it looks like and what to export instead.</exception>
    public static ModelImporter Open(string path) => new(ForeignModelFile.Read(path));

    /// <exception cref="InputException">The table has other columns or classes than the model.</exception>
    public TrainingResult Judge(Dataset table, TrainingOptions options)
    {
        foreach (var requirement in options.Requirements)
        {
            requirement.CheckTask(Task);
        }

        var (foreign, assumptions) = (_file.Model, new List<string>(_file.Model.Assumptions));
        if (foreign.Classes != table.Classes.Count)
        {
            throw ForeignModel.Wrong(
                $"{_file.Name} tells {foreign.Classes} classes apart, and column {table.Target} of {table.FileName} has "
                + $"{table.Classes.Count}: {string.Join(", ", table.Classes.Take(10))}");
        }

        foreign = ClassOrder.Of(table, assumptions, _file);
        var dataset = table.Select(Inputs(table, assumptions));
        dataset = dataset with { Assumptions = [.. dataset.Assumptions, .. assumptions] };
        if (!foreign.TakesMissing && dataset.HasMissing)
        {
            throw ForeignModel.Wrong(
                $"{_file.Name} takes no missing values, and {table.FileName} has some; give --missing Impute or --missing DropRows");
        }
        var model = Build(Document(foreign, dataset, [GoldenSamples.Placeholder(dataset)]));
        var rows = dataset.Rows;
        var answers = new double[rows.Count * model.Answers];
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        RowAnswers.ForEach(
            model, rows, all, (row, answer) => answer.CopyTo(answers.AsSpan(row * model.Answers, model.Answers)), CancellationToken.None);
        foreach (var row in all)
        {
            CheckAnswers(answers.AsSpan(row * model.Answers, model.Answers), row);
        }

        var document = Document(foreign, dataset, GoldenSamples.Record(dataset, all, model));
        var metrics = Task == TableTask.Regression ? Metrics.Of(rows.Targets, answers) : Metrics.Of(dataset.Classes, rows.Labels, answers);
        var importance = new PermutationImportance(dataset, parts: 1, options.Seed);
        importance.Judge(model, all);
        var result = TrainingResult.Of(
            dataset, options, document, metrics, library: _file.Name, FeatureImportance.Of(dataset, importance, foreign.Gains));
        return result.ModelJson.Length <= Limits.FileBytes
            ? result
            : throw ForeignModel.Wrong($"{_file.Name} makes a model of {result.ModelJson.Length} bytes, more than {Limits.FileBytes}");
    }

    /// <summary>What a graph answers is known only when it is run.</summary>
    private void CheckAnswers(ReadOnlySpan<double> answers, int row)
    {
        var sum = 0.0;
        var isSound = true;
        foreach (var answer in answers)
        {
            sum += answer;
            isSound &= double.IsFinite(answer) && (answers.Length == 1 || answer is >= 0 and <= 1);
        }
        if (!isSound || (answers.Length > 1 && Math.Abs(sum - 1) > SumTolerance))
        {
            var found = string.Join(", ", answers[..Math.Min(answers.Length, 10)].ToArray().Select(answer => $"{answer:G6}"));
            throw ForeignModel.Wrong(
                $"{_file.Name} answers {found} to row {row + 1}: expected "
                + (answers.Length == 1 ? "a finite number" : "probabilities from 0 to 1 that sum to 1"));
        }
    }

    private Model Build(ModelDocument document)
    {
        try
        {
            return ModelReader.FromDocument(document);
        }
        catch (ModelFormatException e)
        {
            throw ForeignModel.Wrong($"{_file.Name} is not a model that can be served: {e.Message}");
        }
    }

    /// <summary>For each number that the model takes, which feature of the table it is.</summary>
    private int[] Inputs(Dataset table, List<string> assumptions)
    {
        string[] columns = [.. table.Features.Select(feature => feature.Name)];
        if (_file.Model.Names is { } names && names.All(columns.Contains))
        {
            return [.. names.Select(name => Array.IndexOf(columns, name))];
        }

        if (columns.Length != _file.Model.Columns)
        {
            throw ForeignModel.Wrong(
                $"{_file.Name} takes {_file.Model.Columns} numbers{Listed(_file.Model.Names)}, and {table.FileName} has "
                + $"{columns.Length} features{Listed(columns)}");
        }

        assumptions.Add($"{_file.Name} names no columns of the table, so they are taken in their order");
        return [.. Enumerable.Range(0, columns.Length)];
    }

    private static string Listed(IReadOnlyList<string>? names) => names is null ? "" : $" ({string.Join(", ", names.Take(10))})";

    private ModelDocument Document(ForeignModel foreign, Dataset dataset, GoldenSampleDocument[] golden)
    {
        var document = new ModelDocument(
            FormatVersion: 0,
            foreign.Algorithm,
            [.. dataset.Features.Select(feature => new FeatureDocument(feature.Name, feature.Min, feature.Max))],
            [.. dataset.Classes],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["importedFrom"] = _file.Name, ["importedDigest"] = _file.Digest },
            golden,
            foreign.Trees,
            DoubleTrees: foreign.DoubleTrees,
            Linear: foreign.Linear,
            Onnx: foreign.Onnx);
        return document with { FormatVersion = document.NeededVersion };
    }
}
