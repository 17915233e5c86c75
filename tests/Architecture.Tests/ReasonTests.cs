using System.Text.RegularExpressions;

namespace IrisOperator.Architecture.Tests;

/// <summary>Reasons and messages are words for users: a reworded one must not change a decision.</summary>
public sealed partial class ReasonTests
{
    [Theory]
    [InlineData("Jobs")]
    [InlineData("Reconciliation")]
    [InlineData("Registries")]
    [InlineData("Resources")]
    [InlineData("Serving")]
    [InlineData("Training")]
    public void no_decision_reads_the_text_of_a_reason_or_a_message(string feature)
    {
        var files = Directory.GetFiles(Repository.Path("src", "Operator", feature), "*.cs", SearchOption.AllDirectories);
        var found = files.SelectMany(File.ReadLines).Where(line => Comparison().IsMatch(line)).ToList();

        Assert.NotEmpty(files);
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("if (decision is { Ready.Reason: \"Serving\" })", true)]
    [InlineData("choice.Waiting!.Reason == \"ResolvingVersion\"", true)]
    [InlineData("ready.Reason is not (\"InvalidName\" or \"InvalidSpec\")", true)]
    [InlineData("before.Message?.StartsWith(done.Message, StringComparison.Ordinal)", true)]
    [InlineData("Reason = problem.Reason,", false)]
    [InlineData("status.State?.Waiting?.Reason is \"ErrImagePull\"", true)]
    [InlineData("status.State?.Waiting?.Reason is KubernetesReasons.ErrImagePull", false)]
    public void a_comparison_is_told_from_a_mention(string line, bool expected) => Assert.Equal(expected, Comparison().IsMatch(line));

    // Words of Kubernetes stand in KubernetesReasons.
    [GeneratedRegex(
        """\.(Reason|Message)\s*(==|!=|is)\s*(not\s+)?\(?"|\b(Reason|Message):\s*(not\s+)?"|"""
        + """\bMessage[?!]*\.(StartsWith|Contains|EndsWith|Equals)\(""")]
    private static partial Regex Comparison();
}
