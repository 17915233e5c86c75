using IrisOperator.Learning.Prediction;

namespace IrisOperator.Learning.Format;

internal static class FeaturesValidator
{
    public static void Validate(FeatureDocument[] features)
    {
        Check.Count("features", features.Length, 1, Limits.Features);
        Check.NoNulls("features", features);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var columns = 0;
        for (var i = 0; i < features.Length; i++)
        {
            var (feature, where) = (features[i], $"features[{i}]");
            Check.Name($"{where}.name", feature.Name);
            Check.Finite($"{where}.min", feature.Min);
            Check.Finite($"{where}.max", feature.Max);
            Check.That(feature.Min <= feature.Max, where, "min is above max");
            Check.That(names.Add(feature.Name), where, "the name occurs twice");
            Categories(feature, where);
            columns += feature.Columns;
            Check.That(columns <= Limits.Columns, where, $"more than {Limits.Columns} columns with their categories");
        }
    }

    private static void Categories(FeatureDocument feature, string where)
    {
        if (feature.Categories is { } categories)
        {
            Check.Count($"{where}.categories", categories.Length, 1, Limits.Columns);
            Check.NoNulls($"{where}.categories", categories);
            var known = new HashSet<string>(StringComparer.Ordinal);
            for (var c = 0; c < categories.Length; c++)
            {
                Check.Name($"{where}.categories[{c}]", categories[c]);
                Check.That(known.Add(categories[c]), $"{where}.categories[{c}]", "occurs twice");
            }
        }
        if (feature.Imputed is { } imputed)
        {
            Check.Finite($"{where}.imputed", imputed);
            Check.That(
                feature.Categories is null || ColumnEncoding.IsCategory(imputed, feature.Columns),
                $"{where}.imputed", $"expected the index of a category, found {ModelReader.Number(imputed)}");
        }
    }
}

internal static class GoldenSamplesValidator
{
    private const double ProbabilitySumTolerance = 1e-3;

    public static void Validate(GoldenSampleDocument[] samples, Model model)
    {
        Check.Count("goldenSamples", samples.Length, 1, Limits.GoldenSamples);
        Check.NoNulls("goldenSamples", samples);
        for (var i = 0; i < samples.Length; i++)
        {
            var where = $"goldenSamples[{i}]";
            Data($"{where}.data", samples[i].Data, model);
            if (model.IsRegression)
            {
                Check.Finite($"{where}.prediction", samples[i].Prediction);
                Check.That(samples[i].Probabilities is null, $"{where}.probabilities", "a regression has none");
            }
            else
            {
                Class(where, samples[i], model.Classes.Count);
            }
        }
    }

    private static void Data(string where, double[] data, Model model)
    {
        Check.Length(where, data.Length, model.Features.Count);
        for (var f = 0; f < data.Length; f++)
        {
            var feature = model.Features[f];
            if (double.IsNaN(data[f]))
            {
                Check.That(feature.TakesMissing, where, $"not a finite number: feature {feature.Name} takes no missing values");
                continue;
            }
            Check.Finite(where, data[f]);
            Check.That(
                feature.Categories is not { } categories || data[f] == -1 || ColumnEncoding.IsCategory(data[f], categories.Count),
                where, $"expected the index of a category of {feature.Name} or -1, found {ModelReader.Number(data[f])}");
        }
    }

    private static void Class(string where, GoldenSampleDocument sample, int classes)
    {
        Check.That(
            sample.Prediction >= 0 && sample.Prediction < classes && double.IsInteger(sample.Prediction),
            $"{where}.prediction", $"expected 0 to {classes - 1}, found {ModelReader.Number(sample.Prediction)}");
        var probabilities = sample.Probabilities ?? [];
        Check.Numbers($"{where}.probabilities", probabilities, classes);
        Check.That(
            probabilities.All(p => p is >= 0 and <= 1) && Math.Abs(probabilities.Sum() - 1) <= ProbabilitySumTolerance,
            $"{where}.probabilities", "expected numbers from 0 to 1 with sum 1");
    }
}
