using IrisOperator.ServingImage.Tests.Hosting;

namespace IrisOperator.ServingImage.Tests.Http;

public sealed class PredictTests
{
    private const string Row = "4 numbers (Sepal_Length, Sepal_Width, Petal_Length, Petal_Width)";

    [Theory]
    [InlineData("""{"data":[5.9,3.2,4.8,1.8]}""", """{"name":"versicolor","prediction":1}""")]
    [InlineData(""" { "probabilities" : false , "data" : [ 5.1 , 35e-1 , 1.4 , 0.2 ] } """, """{"name":"setosa","prediction":0}""")]
    [InlineData("""{"d\u0061ta":[6,3,6,2]}""", """{"name":"virginica","prediction":2}""")]
    [InlineData("""{"data":[6,3,6,2],"explain":false}""", """{"name":"virginica","prediction":2}""")]
    [InlineData("""{"data":[[5.1,3.5,1.4,0.2]]}""", """{"predictions":[{"name":"setosa","prediction":0}]}""")]
    [InlineData(
        """{"data":[[5.9,3.2,4.8,1.8],[6,3,6,2]]}""",
        """{"predictions":[{"name":"versicolor","prediction":1},{"name":"virginica","prediction":2}]}""")]
    [InlineData(
        """{"data":[5.9,3.2,4.8,1.8],"probabilities":true}""",
        """{"name":"versicolor","prediction":1,"probabilities":{"setosa":0.01766842,"versicolor":0.9646632,"virginica":0.01766842}}""")]
    public async Task a_good_request_is_answered(string request, string expected)
    {
        await using var server = await InProcessServer.StartAsync();

        var answer = await server.PredictAsync(request);

        Assert.Equal(200, answer.Status);
        Assert.Equal(Rounded(expected), Rounded(answer.Body));
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal(server.Digest, answer.ModelDigest);
    }

    [Theory]
    [InlineData("""{"data":[1,2,3]}""", "data: expected " + Row + ", got 3")]
    [InlineData("""{"data":[1,2,3,4,5]}""", "data: expected " + Row + ", got 5")]
    [InlineData("""{"data":[1,2,3,"4"]}""", "data[3] (Petal_Width): expected a number, got a string")]
    [InlineData("""{"data":[1,null,3,4]}""", "data[1] (Sepal_Width): expected a number, got null")]
    [InlineData("""{"data":[1,true,3,4]}""", "data[1] (Sepal_Width): expected a number, got a boolean")]
    [InlineData("""{"data":[1,2,[3],4]}""", "data[2] (Petal_Length): expected a number, got an array")]
    [InlineData("""{"data":[NaN,2,3,4]}""", "data[0] (Sepal_Length): expected a finite number, got NaN")]
    [InlineData("""{"data":[1,2,3,NaN]}""", "data[3] (Petal_Width): expected a finite number, got NaN")]
    [InlineData("""{"data":[1,-Infinity,3,4]}""", "data[1] (Sepal_Width): expected a finite number, got an infinite one")]
    [InlineData("""{"data":[1,2,1e999,4]}""", "data[2] (Petal_Length): expected a finite number, got one that is too large")]
    [InlineData("""{"data":[[1,2,3,4],[1,2,3]]}""", "data[1]: expected " + Row + ", got 3")]
    [InlineData("""{"data":[[1,2,3,4],5]}""", "data[1]: expected " + Row + ", got a number")]
    [InlineData("""{"data":[[1,2,3,4],[1,2,"x",4]]}""", "data[1][2] (Petal_Length): expected a number, got a string")]
    [InlineData("""{"data":[[NaN,2,3,4]]}""", "data[0][0] (Sepal_Length): expected a finite number, got NaN")]
    [InlineData("""{"data":[[]]}""", "data[0]: expected " + Row + ", got 0")]
    [InlineData("""{"data":[]}""", "data: expected " + Row + " or at least one such row, got an empty array")]
    [InlineData("""{"data":{"a":1}}""", "data: expected " + Row + ", got an object")]
    [InlineData("""{"data":"5.9"}""", "data: expected " + Row + ", got a string")]
    [InlineData("{}", "data: missing; expected " + Row)]
    [InlineData("""{"probabilities":true}""", "data: missing; expected " + Row)]
    [InlineData("""{"data":[1,2,3,4],"probabilities":1}""", "probabilities: expected true or false, got a number")]
    [InlineData("""{"data":[1,2,3,4],"data":[1,2,3,4]}""", "data: given twice")]
    [InlineData("""{"probabilities":true,"probabilities":true}""", "probabilities: given twice")]
    [InlineData("""{"instances":[[1,2,3,4]]}""", "instances: unknown field; allowed are data, probabilities and explain")]
    [InlineData("""{"data":[1,2,3,4],"explain":"yes"}""", "explain: expected true or false, got a string")]
    [InlineData("""{"explain":null,"data":[1,2,3,4]}""", "explain: expected true or false, got null")]
    [InlineData("""{"explain":false,"explain":false}""", "explain: given twice")]
    [InlineData("""{"explain":true}""", "data: missing; expected " + Row)]
    [InlineData(
        """{"data":[1,2,3,4],"explain":true}""",
        "explain: expected false, for this model explains nothing: its file does not say how many rows reached each leaf; "
        + "train or import it again")]
    [InlineData("""{"\ud83dx":1}""", "body: expected field names in valid UTF-8")]
    [InlineData("""{"data":[1,2,3,4]""", "body: not valid JSON at line 1, byte 18")]
    [InlineData("{\"data\":\n[1,2,,4]}", "body: not valid JSON at line 2, byte 6")]
    [InlineData("""{"data":[1,2,3,4]} x""", "body: not valid JSON at line 1, byte 20")]
    [InlineData("[5.9,3.2,4.8,1.8]", "body: expected an object with the field data, got an array")]
    [InlineData("", "body: empty; expected {\"data\":[…]} with " + Row)]
    public async Task a_bad_request_is_told_what_is_wrong(string request, string error)
    {
        await using var server = await InProcessServer.StartAsync();

        var answer = await server.PredictAsync(request);

        Assert.Equal(400, answer.Status);
        Assert.Equal(error, answer.Error);
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.Equal(server.Digest, answer.ModelDigest);
    }

    [Fact]
    public async Task the_largest_batch_is_answered_whole_and_one_row_more_is_refused()
    {
        await using var server = await InProcessServer.StartAsync();

        var largest = await server.PredictAsync(Batch(4096));
        var larger = await server.PredictAsync(Batch(4097));

        Assert.Equal(200, largest.Status);
        Assert.Equal(4096, largest.Body.Split("versicolor").Length - 1);
        Assert.Equal((400, "data: expected at most 4096 rows in a batch, got more"), (larger.Status, larger.Error));
    }

    [Fact]
    public async Task a_long_name_is_shortened_in_the_error_and_stays_valid_text()
    {
        await using var server = await InProcessServer.StartAsync();

        // 63 letters and one character of two UTF-16 units: the cut falls between them.
        var answer = await server.PredictAsync($$"""{"{{new string('x', 63)}}😀😀":1}""");

        Assert.Equal(400, answer.Status);
        Assert.StartsWith(new string('x', 63) + "…:", answer.Error, StringComparison.Ordinal);
    }

    private static string Batch(int rows) => $$"""{"data":[{{string.Join(',', Enumerable.Repeat("[5.9,3.2,4.8,1.8]", rows))}}]}""";

    /// <summary>exp() differs in its last bits between C libraries: probabilities are compared to six digits.</summary>
    private static string Rounded(string json) => System.Text.RegularExpressions.Regex.Replace(json, @"(0\.\d{6})\d*", "$1");
}
