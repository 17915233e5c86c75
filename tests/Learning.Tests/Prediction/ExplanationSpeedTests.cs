using System.Diagnostics;
using System.Globalization;
using IrisOperator.Learning.Format;
using IrisOperator.Testing;

namespace IrisOperator.Learning.Tests.Prediction;

/// <summary>Prints what an explained row takes beside a plain one: 12,000 rows of 20 numbers, or 3,000 of 4.</summary>
public sealed class ExplanationSpeedTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("xgboost", 3, 4)]
    [InlineData("xgboost", 4, 20)]
    [InlineData("lightgbm", 4, 20)]
    [InlineData("random-forest", 4, 20)]
    [InlineData("logistic-regression", 4, 20)]
    public void a_step_takes_what_the_limits_of_the_server_are_made_for(string algorithm, int classes, int features)
    {
        NativeLibraries.Require();
        var table = Samples.Clouds(classes, classes * features > 20 ? 3000 : 1000, features);
        var json = new Trainer(table, new TrainingOptions { Algorithm = algorithm, Holdout = 0.5 })
            .Train(null, TestContext.Current.CancellationToken).ModelJson;
        var model = ModelReader.Read(json);
        var explainer = model.Explainer!;
        var (answers, contributions) = (new double[model.Answers], new double[explainer.Margins * explainer.Width]);

        var plain = Fastest(row => model.PredictProbabilities(table.Rows.Row(row), answers));
        var explained = Fastest(row => explainer.Explain(table.Rows.Row(row), contributions));

        var nanoseconds = explained * 1000 / explainer.Steps;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{algorithm}, {features} features, {classes} classes: {plain:F2} us a row, explained {explained:F1} us in "
            + $"{explainer.Steps} steps of {nanoseconds:F2} ns"));
        // Of an unoptimised build on a busy machine; 2 to 4 of an optimised one.
        Assert.InRange(nanoseconds, 0, 200);
    }

    /// <returns>Microseconds of a row.</returns>
    private static double Fastest(Action<int> answer)
    {
        const int rows = 200;
        var fastest = double.MaxValue;
        // Long enough for the compiler to optimise what it sees often.
        for (var all = Stopwatch.StartNew(); all.Elapsed < TimeSpan.FromSeconds(0.5);)
        {
            var watch = Stopwatch.StartNew();
            for (var row = 0; row < rows; row++)
            {
                answer(row);
            }
            fastest = Math.Min(fastest, watch.Elapsed.TotalMicroseconds / rows);
        }
        return fastest;
    }
}
