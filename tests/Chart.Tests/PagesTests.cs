using System.Text.RegularExpressions;
using IrisOperator.Kube.Crd;
using IrisOperator.Testing;
using IrisOperator.Training.Algorithms;

namespace IrisOperator.Chart.Tests;

/// <summary>docs/spec against what it describes: the schema, the trainer's reasons and parameters.</summary>
public sealed partial class PagesTests
{
    private static readonly Dictionary<string, string> Pages = new()
    {
        ["iristrainings"] = Read("docs", "spec", "iristraining.md"),
        ["irismodels"] = Read("docs", "spec", "irismodel.md"),
    };

    public static TheoryData<string> Kinds => [.. Pages.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void each_field_is_on_the_page_of_its_kind(string plural)
    {
        var known = Fields(plural)
            .Where(path => path is not ("spec" or "status") && !path.StartsWith("status.conditions.", StringComparison.Ordinal));

        Assert.All(known, path => Assert.Contains($"`.{path}`", Pages[plural], StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void each_field_on_a_page_exists(string plural)
    {
        var known = Pages.Keys.SelectMany(Fields).ToHashSet();

        Assert.Empty(FieldPath().Matches(Pages[plural]).Select(match => match.Groups[1].Value).Except(known));
    }

    [Fact]
    public void each_reason_of_the_trainer_is_explained()
    {
        var reasons = Directory.GetFiles(Path.Combine(Repository.Root, "src", "TrainerImage"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => TrainerReason().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Concat(Enum.GetNames<Training.InputProblem>())
            .ToList();

        Assert.True(reasons.Count > 8, "the expression no longer finds the reasons");
        Assert.All(reasons, reason => Assert.True(Explains("iristrainings", reason), reason));
    }

    [Fact]
    public void the_parameters_are_those_of_the_trainer()
    {
        var rows =
            from algorithm in KnownAlgorithms.All
            from parameter in algorithm.Parameters
            select $"| `{algorithm.Name}` | `{parameter.Name}` | `{parameter.Default}` | {parameter.Allowed} |";

        Assert.Empty(rows.Except(Pages["iristrainings"].Split('\n')));
    }

    private static IEnumerable<string> Fields(string plural) =>
        Schemas.Fields(Yaml.ReadAll(Read("config", "crd", $"{plural}.yaml"))[0]).Select(field => field.Path);

    private static bool Explains(string plural, string reason) => Pages[plural].Contains($"`{reason}`", StringComparison.Ordinal);

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    [GeneratedRegex(@"`\.((spec|status)(\.[a-zA-Z]+)+)`")]
    private static partial Regex FieldPath();

    [GeneratedRegex("""\("([A-Z][A-Za-z]+)", (?:Contracts\.)?ExitCode""")]
    private static partial Regex TrainerReason();
}
