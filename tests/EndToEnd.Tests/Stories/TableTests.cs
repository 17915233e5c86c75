using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>Tables as people have them, and what can be learned from them, up to the answer of the server.</summary>
public sealed class TableTests(Cluster cluster) : Story(cluster, "table")
{
    [Fact]
    public async Task a_table_as_excel_writes_it_is_learned_told_and_asked_with_text()
    {
        var table = new StringBuilder("Id;Length;Site;Species\n");
        for (var row = 1; row <= 60; row++)
        {
            var (site, species) = (row % 3 == 0 ? "north" : "south", row % 2 == 0 ? "setosa" : "virginica");
            var length = row % 10 == 0 ? "" : species == "setosa" ? "1,4" : "5,5";
            table.Append(CultureInfo.InvariantCulture, $"{row};{length};{site};{species}\n");
        }
        await Space.CreateConfigMapAsync("excel", "excel.csv", table.ToString());
        await Space.ApplyAsync(Manifests.Training("iris", "{configMapName: excel, exclude: [Id], missing: DropRows}"));
        await Space.ApplyAsync(Manifests.Model("iris"));

        var run = (await Space.WaitForRunAsync("iris", 1)).LastRun();
        Assert.Contains("the decimal sign of excel.csv is taken to be a comma", run.Text("message"), StringComparison.Ordinal);
        Assert.Contains("6 of 60 rows are left out", run.Text("message"), StringComparison.Ordinal);
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        Assert.Equal("setosa", await AnswerAsync("""{"data":[1.5,"north"]}""", "name"));
        Assert.Equal("virginica", await AnswerAsync("""{"data":[5.1,"elsewhere"]}""", "name"));
    }

    [Theory]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("logistic-regression")]
    public async Task another_algorithm_is_trained_and_served(string algorithm)
    {
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(
            Manifests.Training("iris", more: [$"algorithm: {{name: {algorithm}}}", "evaluation: {holdout: {share: 0.2}}"]));
        await Space.ApplyAsync(Manifests.Model("iris"));

        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        Assert.Equal("setosa", await AnswerAsync("""{"data":[5.1,3.5,1.4,0.2]}""", "name"));
    }

    [Fact]
    public async Task a_number_is_learned_and_answered()
    {
        var widths = (await Flower.TableAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line[..line.LastIndexOf(',')]);
        await Space.CreateConfigMapAsync("widths", "widths.csv", string.Join('\n', widths));
        await Space.ApplyAsync(
            Manifests.Training("iris", "{configMapName: widths}", "task: regression", "evaluation: {require: {r2: 0.8}}"));
        await Space.ApplyAsync(Manifests.Model("iris"));

        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        var width = await AnswerAsync("""{"data":[5.9,3.2,4.8]}""", "prediction");
        Assert.InRange(double.Parse(width, CultureInfo.InvariantCulture), 1.2, 2.2);
    }

    private async Task<string> AnswerAsync(string question, string member)
    {
        var (status, body, _) = await (await Space.AddressAsync("iris")).PostAsync(question);
        Assert.True(status == 200, body);
        return JsonNode.Parse(body)![member]!.ToString();
    }
}
