using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>The question of the documentation, and the only right answer.</summary>
public static class Flower
{
    public const string Question = """{"data":[5.9,3.2,4.8,1.8]}""";

    public const string Answer = """{"name":"versicolor","prediction":1}""";

    public const string DigestHeader = "Iris-Model-Digest";

    public static bool IsAnswer(string body)
    {
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(Answer));
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    /// <summary>The data set, 150 rows under a header.</summary>
    public static Task<string> TableAsync() =>
        File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "iris.csv"), TestContext.Current.CancellationToken);
}
