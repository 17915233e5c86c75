using System.Text.Json;
using IrisOperator.ServingImage.Tests.Hosting;
using IrisOperator.Testing;

namespace IrisOperator.ServingImage.Tests.Startup;

/// <summary>Models that ONNX Runtime computes.</summary>
public sealed class OnnxModelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_runtime_is_loaded_for_a_graph_and_for_nothing_else(bool isGraph)
    {
        ModelFixtures.WriteFolder(_folder.Path, isGraph ? OnnxFixtures.SoftmaxJson() : ModelFixtures.IrisJson());

        using var server = await ServerProcess.StartServingAsync(_folder.Path, drainSeconds: 0, Stop);

        var maps = await File.ReadAllTextAsync($"/proc/{server.Id}/maps", Stop);
        Assert.Equal(isGraph, maps.Contains("libonnxruntime.so", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_graph_answers_single_rows_and_batches()
    {
        await using var server = await InProcessServer.StartAsync(model: OnnxFixtures.SoftmaxJson());

        var single = await server.PredictAsync("""{"data":[0,1],"probabilities":true}""");
        var batch = await server.PredictAsync("""{"data":[[0,1],[3,1]]}""");

        Assert.Equal((200, 200), (single.Status, batch.Status));
        using var document = JsonDocument.Parse(single.Body);
        var probability = document.RootElement.GetProperty("probabilities").GetProperty("yes").GetDouble();
        Assert.Equal(OnnxFixtures.Yes(1), probability, 1e-6);
        Assert.Equal("""{"predictions":[{"name":"yes","prediction":1},{"name":"no","prediction":0}]}""", batch.Body);
    }

    [Theory]
    [InlineData(0.9, false, "golden sample 1 of 1: probability of no is 0.268941")]
    [InlineData(0.7310586, true, "model.json: onnx.graph: ")]
    public async Task a_graph_that_answers_otherwise_or_is_damaged_is_not_served(double recorded, bool isDamaged, string message)
    {
        ModelFixtures.WriteFolder(_folder.Path, OnnxFixtures.SoftmaxJson(recorded, isDamaged));
        using var server = ServerProcess.Start(("IRIS_MODEL_DIR", _folder.Path), ("IRIS_PORT", "0"));

        var (code, errors) = await server.WaitForExitAsync(Stop);

        Assert.Equal(2, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }
}
