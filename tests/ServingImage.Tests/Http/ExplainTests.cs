using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IrisOperator.Learning;
using IrisOperator.ServingImage.Prediction;
using IrisOperator.ServingImage.Tests.Hosting;
using IrisOperator.Testing;

namespace IrisOperator.ServingImage.Tests.Http;

/// <summary>"explain": what each feature contributed to the answer.</summary>
public sealed class ExplainTests
{
    private const string Yes =
        """{"name":"yes","prediction":1,"contributions":{"yes":{"base":0.75,"features":{"size":-0.25,"colour":0.5,"weight":2}}}}""";

    private const string No =
        """{"name":"no","prediction":0,"contributions":{"yes":{"base":0.75,"features":{"size":0.25,"colour":-1.5,"weight":-2}}}}""";

    [Theory]
    [InlineData("""{"data":[1,"red",20],"explain":true}""", Yes)]
    [InlineData("""{"explain":true,"data":[[1,"red",20],[null,"green",null]]}""", "{\"predictions\":[" + Yes + "," + No + "]}")]
    public async Task the_contributions_to_the_margin_stand_beside_the_answer(string request, string expected)
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.MixedJson());

        var answer = await server.PredictAsync(request);

        Assert.Equal((200, expected), (answer.Status, Rounded(answer.Body)));
    }

    [Fact]
    public async Task probabilities_and_contributions_are_answered_together()
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.MixedJson());

        var answer = await server.PredictAsync("""{"data":[1,"red",20],"explain":true,"probabilities":true}""");

        using var document = JsonDocument.Parse(answer.Body);
        Assert.Equal(
            ["name", "prediction", "probabilities", "contributions"],
            document.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            NewerFixtures.Yes(3), document.RootElement.GetProperty("probabilities").GetProperty("yes").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task a_regression_is_explained_without_classes_and_a_next_request_without_explanation()
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.RegressionJson());
        using var connection = await server.ConnectAsync();
        var bodies = new List<string>();
        foreach (var request in new[] { """{"data":[3,"red"],"explain":true}""", """{"data":[3,"red"]}""" })
        {
            await connection.SendAsync(RawConnection.Request(request), TestContext.Current.CancellationToken);
            bodies.Add((await connection.ReadAnswerAsync(TestContext.Current.CancellationToken))!.Body);
        }

        Assert.Equal(
            ["""{"prediction":27,"contributions":{"base":1,"features":{"x":6,"colour":20}}}""", """{"prediction":27}"""], bodies);
    }

    [Fact]
    public async Task contributions_that_are_no_numbers_are_refused()
    {
        var model = NewerFixtures.RegressionJson()
            .Replace("[[2,10,20]]", "[[2,10,-1e308]]", StringComparison.Ordinal)
            .Replace("\"intercepts\":[1]", "\"intercepts\":[1e308]", StringComparison.Ordinal)
            .Replace("[3,1]", "[3,-1]", StringComparison.Ordinal)
            .Replace("\"prediction\":27", "\"prediction\":1e308", StringComparison.Ordinal)
            .Replace("\"prediction\":1.5", "\"prediction\":1e308", StringComparison.Ordinal);
        await using var server = await InProcessServer.StartAsync(model: model);

        var answer = await server.PredictAsync("""{"data":[-1e308,"red"],"explain":true}""");

        Assert.Equal((400, "data: the numbers are too large for this model"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task a_batch_is_explained_up_to_the_length_of_its_answer()
    {
        // 1,000 features take about 32,000 bytes a row.
        await using var server = await InProcessServer.StartAsync(model: Wide(features: 1000, classes: 0));

        var largest = await server.PredictAsync(Batch(rows: 100, features: 1000));
        var larger = await server.PredictAsync(Batch(rows: 200, features: 1000));

        Assert.Equal(200, largest.Status);
        using var document = JsonDocument.Parse(largest.Body);
        var rows = document.RootElement.GetProperty("predictions").EnumerateArray().ToArray();
        Assert.Equal(100, rows.Length);
        Assert.All(rows, row => Assert.Equal(
            row.GetProperty("prediction").GetDouble(),
            row.GetProperty("contributions").GetProperty("features").EnumerateObject().Sum(one => one.Value.GetDouble()),
            1e-9));
        Assert.Equal(
            (400, "data: expected at most 131 rows of this model to explain, got 200"), (larger.Status, larger.Error));
    }

    [Fact]
    public void a_batch_gives_way_to_others_after_as_many_rows_as_two_milliseconds_explain()
    {
        using var folder = new TempFolder();
        ModelFixtures.WriteFolder(folder.Path, Wide(features: 1000, classes: 0));
        var (model, _) = ModelFolder.Read(folder.Path);
        var engine = new PredictionEngine(model, new ServingMetrics(model, "sha256:0", TimeProvider.System));
        var work = engine.NewWork();

        var body = Encoding.UTF8.GetBytes(Batch(rows: 100, features: 1000));
        Assert.Null(engine.Read(new ReadOnlySequence<byte>(body), work));
        Assert.Null(engine.Continue(work));

        // A million steps: a row has one for each weight and 40 for each number that is written.
        Assert.Equal(24, work.NextRow);
    }

    [Fact]
    public async Task a_model_whose_explanation_of_a_row_is_too_long_explains_nothing_and_answers()
    {
        await using var server = await InProcessServer.StartAsync(model: Wide(features: 10_000, classes: 20));

        var row = $"[{Repeated("0.5", 10_000)}]";
        var plain = await server.PredictAsync($$"""{"data":{{row}}}""");
        var explained = await server.PredictAsync($$"""{"data":{{row}},"explain":true}""");

        Assert.Equal(200, plain.Status);
        Assert.Equal(400, explained.Status);
        Assert.Equal(
            "explain: expected false, for this model explains nothing: a row of it would take more than 4 MiB or a tenth of a second",
            explained.Error);
    }

    private static string Batch(int rows, int features) =>
        $$"""{"explain":true,"data":[{{Repeated($"[{Repeated("0.5", features)}]", rows)}}]}""";

    private static string Repeated(string text, int times) => string.Join(',', Enumerable.Repeat(text, times));

    /// <summary>A linear model: a number, or the softmax of equal margins.</summary>
    private static string Wide(int features, int classes)
    {
        var names = Enumerable.Range(0, features).Select(f => $$"""{"name":"f{{f}}","min":0,"max":1}""");
        var margins = Math.Max(classes, 1);
        var link = classes == 0 ? """, "link":{"kind":"identity"}""" : "";
        var probabilities = Repeated((1.0 / margins).ToString("R", CultureInfo.InvariantCulture), classes);
        var golden = classes == 0 ? "0" : $"0,\"probabilities\":[{probabilities}]";
        return $$"""
            {"formatVersion":2,"algorithm":"linear","features":[{{string.Join(',', names)}}],
            "classes":[{{string.Join(',', Enumerable.Range(0, classes).Select(c => $"\"c{c:00}\""))}}],"parameters":{},
            "goldenSamples":[{"data":[{{Repeated("0", features)}}],"prediction":{{golden}}}],
            "linear":{"weights":[{{Repeated($"[{Repeated("0.1", features)}]", margins)}}],
            "intercepts":[{{Repeated("0", margins)}}]{{link}} } }
            """;
    }

    /// <summary>A sum over the points of a quadrature ends a few units in the last place from the number.</summary>
    private static string Rounded(string json) => System.Text.RegularExpressions.Regex.Replace(
        json, @"-?\d+\.\d{10,}", match => Math.Round(double.Parse(match.Value, CultureInfo.InvariantCulture), 9).ToString("R", null));
}
