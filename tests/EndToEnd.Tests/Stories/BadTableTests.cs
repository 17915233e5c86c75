using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>What can be wrong with a table, one row each: file, line, column and value are in the status.</summary>
public sealed class BadTableTests(GoodModel good) : IClassFixture<GoodModel>
{
    private const string Header = "Sepal_Length,Sepal_Width,Petal_Length,Petal_Width,Species\n";

    private const string Rows = "5.1,3.5,1.4,0.2,setosa\n5.9,3.2,4.8,1.8,versicolor\n";

    private static readonly Dictionary<string, Bad> Tables = new()
    {
        ["empty"] = new("InvalidDataset", "bad.csv", "empty") { Table = "" },
        ["header only"] = new("InvalidDataset", "bad.csv", "no rows") { Table = Header },
        ["ragged line"] = new("InvalidDataset", "bad.csv", "line 4", "5", "4") { Table = Header + Rows + "4.9,3.0,1.4,setosa\n" + Rows },
        ["text in a numeric column"] = new("InvalidDataset", "bad.csv", "line 4", "\"Petal_Width\"", "\"abc\"")
        {
            Table = Header + Rows + "4.9,3.0,1.4,abc,setosa\n" + Rows,
        },
        ["missing value"] = new("InvalidDataset", "bad.csv", "line 2", "\"Sepal_Width\"", "missing")
        {
            Table = Header + "4.9,,1.4,0.2,setosa\n" + Rows,
        },
        ["one class only"] = new("InvalidDataset", "\"Species\"", "one class", "\"setosa\"")
        {
            Table = Header + "5.1,3.5,1.4,0.2,setosa\n4.9,3.0,1.4,0.2,setosa\n",
        },
        ["more folds than rows"] = new("InvalidArgument", "folds", "50", "4 rows")
        {
            Table = Header + Rows + Rows,
            Spec = ["evaluation: {folds: 50}"],
        },
    };

    public static TheoryData<string> Names => [.. Tables.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task a_bad_table_is_named_within_ten_seconds_and_the_model_serves_on(string name)
    {
        await good.PrepareAsync("bad-table");
        var bad = Tables[name];
        var map = "bad-" + name.Replace(' ', '-');
        await good.Space.CreateConfigMapAsync(map, "bad.csv", bad.Table!);
        await good.Space.ApplyAsync(Manifests.Training("iris", $"{{configMapName: {map}}}", bad.Spec));

        var training = await good.Space.WaitAsync(Resource.Trainings, "iris", bad.ToString(), Bad.Deadline, bad.IsTold);

        Assert.True(training.HasCondition("Stalled"));
        Assert.True(training.HasCondition("Failed"));
        Assert.Equal("Failed", training.LastRun().Text("state"));
        Assert.Equal(good.Digest, training.Text("status/modelDigest"));
        await good.AssertServesOnAsync();
    }
}
