using System.Text.RegularExpressions;
using IrisOperator.Training.Import;

namespace IrisOperator.Learning.Tests.Import;

/// <summary>Models that LightGBM trains and saves here, beside its own answers.</summary>
public sealed partial class LightGbmModelTests
{
    private const int Columns = 4;

    [Theory]
    [InlineData("objective=multiclass num_class=3", 3, 0.1)]
    [InlineData("objective=multiclass num_class=3 use_missing=false", 3, 0.1)]
    [InlineData("objective=multiclass num_class=3 boosting=rf bagging_freq=1 bagging_fraction=0.6", 3, 0)]
    [InlineData("objective=binary sigmoid=0.7", 2, 0.1)]
    [InlineData("objective=regression", 0, 0.1)]
    [InlineData("objective=regression_l1", 0, 0)]
    public void an_imported_model_answers_as_the_library_does(string parameters, int classes, double missing)
    {
        var (rows, labels) = Table(classes, missing);
        using var library = Train(rows, labels, parameters);

        var imported = LightGbmModel.Read(library.Save());

        Assert.Equal((classes, Columns), (imported.Classes, imported.Columns));
        Assert.Equal(["Column_0", "Column_1", "Column_2", "Column_3"], imported.Names);
        var model = Imported.Build(imported);
        var margins = classes == 3 ? 3 : 1;
        var expected = library.Predict(rows, Columns, margins);
        var answers = new double[model.Answers];
        for (var row = 0; row < labels.Length; row++)
        {
            model.PredictProbabilities(rows.AsSpan(row * Columns, Columns), answers);
            for (var m = 0; m < margins; m++)
            {
                var answer = classes == 2 ? answers[1] : answers[m];
                Assert.Equal(expected[(row * margins) + m], answer, 1e-6 * Math.Max(1, Math.Abs(answer)));
            }
        }
    }

    [Theory]
    [InlineData("objective=multiclassova num_class=3", "LightGBM's objective \"multiclassova num_class:3 sigmoid:1\" cannot be imported")]
    [InlineData("objective=poisson", "LightGBM's objective \"poisson\" cannot be imported; multiclass, binary and regression can")]
    [InlineData("objective=regression linear_tree=true", "tree 0: leaves with linear models cannot be imported")]
    [InlineData("objective=regression categorical_feature=0,1,2,3", "tree 0: split 0 is by categories, which cannot be imported")]
    public void a_model_that_our_document_has_no_word_for_is_refused(string parameters, string message)
    {
        var (rows, labels) = Table(classes: 3, missing: 0);
        for (var i = 0; i < rows.Length; i++)
        {
            // A category is a whole number from 0 up.
            rows[i] = Math.Round(rows[i] + 3);
        }
        using var library = Train(rows, labels, parameters);

        var e = Assert.Throws<InputException>(() => LightGbmModel.Read(library.Save()));

        Assert.Equal(InputProblem.InvalidModel, e.Problem);
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void a_split_that_takes_zero_for_missing_is_refused_unless_zero_goes_there_anyway()
    {
        var (rows, labels) = Table(classes: 0, missing: 0);
        using var library = Train(rows, labels, "objective=regression");
        var text = library.Save();

        // The third bit says that zero is missing, the second that missing values go left.
        var refused = new[] { 4, 6 }.Count(kind => IsRefused(FirstSplit().Replace(text, $"decision_type={kind}", 1)));

        Assert.Equal(1, refused);
    }

    [Fact]
    public void every_cut_and_every_changed_character_ends_in_a_model_or_a_sentence()
    {
        var (rows, labels) = Table(classes: 3, missing: 0.1);
        using var library = Train(rows, labels, "objective=multiclass num_class=3");
        var whole = library.Save();
        var refused = 0;
        for (var i = 0; i < whole.Length; i += 11)
        {
            var changed = whole.ToCharArray();
            changed[i] = (char)(changed[i] ^ (1 << (i % 7)));
            refused += IsRefused(whole[..i]) ? 1 : 0;
            refused += IsRefused(new string(changed)) ? 1 : 0;
        }

        Assert.InRange(refused, 1, 2 * whole.Length / 11);
    }

    [GeneratedRegex(@"decision_type=\d+")]
    private static partial Regex FirstSplit();

    private static bool IsRefused(string text)
    {
        try
        {
            Imported.Build(LightGbmModel.Read(text));
            return false;
        }
        catch (Exception e) when (e is InputException or ModelFormatException)
        {
            return true;
        }
    }

    internal static LightGbmLibrary Train(double[] rows, float[] labels, string parameters) => new(
        rows, Columns, labels, $"{parameters} verbosity=-1 num_threads=1 deterministic=true min_data_in_leaf=5 num_leaves=8", rounds: 6);

    /// <summary>The same on every call: three clouds, of which the third belongs to the second where there are two classes.</summary>
    internal static (double[] Rows, float[] Labels) Table(int classes, double missing)
    {
        var random = new Random(1);
        var (rows, labels) = (new List<double>(), new List<float>());
        for (var row = 0; row < 300; row++)
        {
            for (var c = 0; c < Columns; c++)
            {
                var value = ((row % 3) * (c + 1)) - 2 + (random.NextDouble() * 3);
                rows.Add(random.NextDouble() < missing ? double.NaN : value);
            }
            labels.Add(classes == 2 ? Math.Min(1, row % 3) : row % 3);
        }
        return ([.. rows], [.. labels]);
    }
}
