using System.Globalization;
using System.Text.RegularExpressions;
using IrisOperator.Testing;

namespace IrisOperator.Learning.Tests;

/// <summary>The accuracy that a page prints is that of the example on it (or on the page it builds upon).</summary>
public sealed partial class PrintedAccuracyTests
{
    [Theory]
    [InlineData("README.md", "README.md")]
    [InlineData("docs/spec/iristraining.md", "docs/spec/iristraining.md")]
    [InlineData("docs/spec/iristraining.md", "docs/spec/irismodel.md")]
    [InlineData("docs/adr/0002-native-learning-libraries.md", "docs/adr/0002-native-learning-libraries.md")]
    public void the_printed_accuracy_is_that_of_the_example(string example, string page)
    {
        NativeLibraries.Require();
        var text = File.ReadAllText(Path.Combine(Repository.Root, example));
        var options = new TrainingOptions
        {
            Algorithm = Algorithm().Match(text).Groups[1].Value,
            Parameters = Parameter().Matches(Parameters().Match(text).Value)
                .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value),
        };
        var printed = Accuracy().Match(File.ReadAllText(Path.Combine(Repository.Root, page))).Groups[1].Value;

        var trained = new Trainer(Samples.Iris(), options).Train(null, TestContext.Current.CancellationToken);

        Assert.Equal(printed, trained.Metrics.Values["accuracy"].ToString("0.0000", CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"algorithm(?::\s*\{?\s*name:)? (\w+)")]
    private static partial Regex Algorithm();

    [GeneratedRegex(@"parameters: \{.*?\}")]
    private static partial Regex Parameters();

    [GeneratedRegex("""(\w+): "([^"]*)""")]
    private static partial Regex Parameter();

    [GeneratedRegex("""accuracy[": ]+(0\.[0-9]{4})""")]
    private static partial Regex Accuracy();
}
