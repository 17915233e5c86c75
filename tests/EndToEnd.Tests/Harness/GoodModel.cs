namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>
/// A namespace in which run 1 of the training <c>iris</c> is served by the model <c>iris</c>, shared by the rows of one class:
/// each row spoils something and asserts that this goes on.
/// </summary>
public sealed class GoodModel(Cluster cluster) : IAsyncDisposable
{
    private TestNamespace? _space;
    private ServingAddress? _address;

    public TestNamespace Space => _space ?? throw new InvalidOperationException("used before PrepareAsync");

    public string Digest { get; private set; } = "";

    /// <summary>Called by each test and not by the fixture's start, because only a test can be skipped.</summary>
    public async Task PrepareAsync(string story)
    {
        Cluster.Require();
        if (_address is not null)
        {
            return;
        }

        _space = await TestNamespace.CreateAsync(cluster, story);
        await Space.CreateIrisAsync();
        await Space.ApplyAsync(Manifests.Training("iris"));
        await Space.ApplyAsync(Manifests.Model("iris"));
        await Space.WaitUntilReadyAsync(Resource.Models, "iris");
        _address = await Space.AddressAsync("iris");
        Digest = await _address.AskAsync();
    }

    /// <summary>Clients still get the right answer, from the model of run 1.</summary>
    public async Task AssertServesOnAsync() => Assert.Equal(Digest, await _address!.AskAsync());

    public ValueTask DisposeAsync() => _space?.DisposeAsync() ?? ValueTask.CompletedTask;
}
