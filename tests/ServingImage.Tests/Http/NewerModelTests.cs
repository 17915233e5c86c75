using System.Globalization;
using System.Text.Json;
using IrisOperator.Learning;
using IrisOperator.ServingImage.Tests.Hosting;
using IrisOperator.Testing;

namespace IrisOperator.ServingImage.Tests.Http;

/// <summary>Models whose features are text or may be missing, and those that answer a number.</summary>
public sealed class NewerModelTests
{
    private const string Row = "3 values (size, colour, weight)";

    [Theory]
    [InlineData("[1,\"red\",20]", 1, 3)]
    [InlineData("[1,\"\\u0072ed\",20]", 1, 3)]
    [InlineData("[1,\"green\",20]", 1, 1)]
    [InlineData("[1,\"\",20]", 1, 1)]
    [InlineData("[1,null,20]", 1, 1)]
    [InlineData("[null,\"blue\",null]", 0, -2.5)]
    public async Task text_and_what_is_missing_are_answered(string row, int prediction, double margin)
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.MixedJson());

        var answer = await server.PredictAsync($$"""{"data":{{row}},"probabilities":true}""");

        Assert.Equal(200, answer.Status);
        using var document = JsonDocument.Parse(answer.Body);
        Assert.Equal(prediction, document.RootElement.GetProperty("prediction").GetInt32());
        Assert.Equal(
            NewerFixtures.Yes(margin), document.RootElement.GetProperty("probabilities").GetProperty("yes").GetDouble(), 1e-12);
    }

    [Fact]
    public async Task a_value_far_longer_than_any_category_is_unseen()
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.MixedJson());

        var answer = await server.PredictAsync($$"""{"data":[1,"{{new string('r', 100_000)}}",20]}""");

        Assert.Equal("""{"name":"yes","prediction":1}""", answer.Body);
    }

    [Theory]
    [InlineData("[1,2,20]", "data[1] (colour): expected a string or null, got a number")]
    [InlineData("[1,[\"red\"],20]", "data[1] (colour): expected a string or null, got an array")]
    [InlineData("[1,NaN,20]", "body: not valid JSON at line 1, byte 12")]
    [InlineData("[\"1\",\"red\",20]", "data[0] (size): expected a number or null, got a string")]
    [InlineData("[1,\"red\",NaN]", "data[2] (weight): expected a finite number, got NaN")]
    [InlineData("[1,\"\\ud83d\",20]", "data[1] (colour): expected a string in valid UTF-8")]
    [InlineData("[1,\"red\"]", "data: expected " + Row + ", got 2")]
    [InlineData("[1,\"red\",20,\"blue\"]", "data: expected " + Row + ", got 4")]
    [InlineData("[[1,\"red\",20],[1,true,20]]", "data[1][1] (colour): expected a string or null, got a boolean")]
    public async Task what_a_feature_does_not_take_is_refused_by_its_name(string data, string error)
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.MixedJson());

        var answer = await server.PredictAsync($$"""{"data":{{data}}}""");

        Assert.Equal((400, error), (answer.Status, answer.Error));
        Assert.Empty(server.Errors);
    }

    [Theory]
    [InlineData("[null,\"red\"]", "data[0] (x): expected a number, got null")]
    [InlineData("[1,null]", "data[1] (colour): expected a string, got null")]
    public async Task a_missing_value_is_refused_where_the_model_takes_none(string data, string error)
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.RegressionJson());

        var answer = await server.PredictAsync($$"""{"data":{{data}}}""");

        Assert.Equal((400, error), (answer.Status, answer.Error));
    }

    [Theory]
    [InlineData("""{"data":[0.25,"blue"]}""", """{"prediction":11.5}""")]
    [InlineData("""{"data":[0.25,"blue"],"probabilities":false}""", """{"prediction":11.5}""")]
    [InlineData("""{"data":[[3,"red"],[-0.5,"green"]]}""", """{"predictions":[{"prediction":27},{"prediction":0}]}""")]
    public async Task a_regression_answers_numbers(string request, string expected)
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.RegressionJson());

        var answer = await server.PredictAsync(request);

        Assert.Equal((200, expected), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("""{"data":[3,"red"],"probabilities":true}""", "probabilities: expected false, for this model answers a number")]
    [InlineData("""{"data":[1e308,"red"]}""", "data: the numbers are too large for this model")]
    public async Task a_regression_refuses_what_it_cannot_answer(string request, string error)
    {
        await using var server = await InProcessServer.StartAsync(
            model: NewerFixtures.RegressionJson().Replace("[[2,", "[[200,", StringComparison.Ordinal)
                .Replace("27", "621", StringComparison.Ordinal).Replace("1.5", "51", StringComparison.Ordinal));

        var answer = await server.PredictAsync(request);

        Assert.Equal((400, error), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task a_regression_that_answers_another_number_than_recorded_is_not_served()
    {
        var e = await Assert.ThrowsAsync<GoldenSampleMismatchException>(
            () => InProcessServer.StartAsync(model: NewerFixtures.RegressionJson(27.001)));

        Assert.Equal("golden sample 1 of 2: answered 27, recorded 27.001", e.Message);
    }

    [Fact]
    public async Task unseen_and_missing_values_are_counted_by_feature()
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.MixedJson());
        await server.PredictAsync("""{"data":[[null,"green",null],[0,"red",null],[2,null,2]]}""");

        var page = (await server.GetAsync("/metrics")).Body;

        Assert.Equal(1, Value(page, "iris_unseen_categories_total{feature=\"colour\"}"));
        Assert.Equal(1, Value(page, "iris_missing_values_total{feature=\"size\"}"));
        Assert.Equal(1, Value(page, "iris_missing_values_total{feature=\"colour\"}"));
        Assert.Equal(2, Value(page, "iris_missing_values_total{feature=\"weight\"}"));
        Assert.Equal(1, Value(page, "iris_out_of_range_total{feature=\"size\"}"));
        Assert.DoesNotContain("iris_out_of_range_total{feature=\"colour\"}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("iris_unseen_categories_total{feature=\"size\"}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task rows_of_a_regression_are_counted_without_a_class()
    {
        await using var server = await InProcessServer.StartAsync(model: NewerFixtures.RegressionJson());
        await server.PredictAsync("""{"data":[[3,"red"],[5,"red"]]}""");

        var page = (await server.GetAsync("/metrics")).Body;

        Assert.Equal(2, Value(page, "iris_predictions_total"));
        Assert.Equal(1, Value(page, "iris_out_of_range_total{feature=\"x\"}"));
    }

    private static double Value(string page, string sample) => double.Parse(
        page.Split('\n').Single(line => line.StartsWith($"{sample} ", StringComparison.Ordinal)).AsSpan(sample.Length),
        CultureInfo.InvariantCulture);
}
