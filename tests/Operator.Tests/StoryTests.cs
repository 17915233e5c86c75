using System.Text.Json.Nodes;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;
using IrisOperator.Testing;

namespace IrisOperator.Operator.Tests;

/// <summary>
/// Stories/kind/story/seen.yaml is what an observer saw, plan.yaml what the decider makes of it. UPDATE_GOLDEN=1 writes the latter anew.
/// </summary>
public sealed class StoryTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Operator.Tests", "Stories");

    public static TheoryData<string> TrainingStories => Stories("Training");

    public static TheoryData<string> ModelStories => Stories("Model");

    [Theory]
    [MemberData(nameof(TrainingStories))]
    public void a_training_is_planned_as_recorded(string story) => Check("Training", story, seen =>
    {
        var scene = Scene.Training(seen);
        return PlanPrinter.Print(
            TrainingDecider.Decide(scene, Scene.OptionsOf(seen), Scene.Now), scene.Training, (bool?)seen["withObjects"] == true);
    });

    [Theory]
    [MemberData(nameof(ModelStories))]
    public void a_model_is_planned_as_recorded(string story) => Check("Model", story, seen =>
    {
        var scene = Scene.Model(seen);
        return PlanPrinter.Print(
            ModelDecider.Decide(scene, Scene.OptionsOf(seen), Scene.Now), scene.Model, (bool?)seen["withObjects"] == true);
    });

    [Theory]
    [InlineData("Training")]
    [InlineData("Model")]
    public void every_rule_has_a_story(string kind)
    {
        var told = Directory.GetFiles(Path.Combine(Folder, kind), "plan.yaml", SearchOption.AllDirectories)
            .Select(path => (string?)Yaml.Read(File.ReadAllText(path))["rule"]).ToHashSet();

        Assert.Empty((kind == "Training" ? TrainingDecider.RuleNames : ModelDecider.RuleNames).Except(told));
    }

    private static void Check(string kind, string story, Func<JsonObject, string> plan)
    {
        var seen = Yaml.Read(File.ReadAllText(Path.Combine(Folder, kind, story, "seen.yaml")));
        var actual = plan(seen);
        var path = Path.Combine(Folder, kind, story, "plan.yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static TheoryData<string> Stories(string kind) =>
        [.. Directory.GetDirectories(Path.Combine(Folder, kind)).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];
}
