using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Registry.Versions;

namespace IrisOperator.Registry.Tests;

/// <summary>Alone, because it looks at the memory of the whole process.</summary>
[CollectionDefinition(nameof(TagMemoryTests), DisableParallelization = true)]
[Collection(nameof(TagMemoryTests))]
public sealed class TagMemoryTests
{
    private const int Tags = 150_000;

    [Fact]
    public async Task many_tags_need_no_more_memory_than_few()
    {
        var stop = TestContext.Current.CancellationToken;
        long start = 0, most = 0;
        await using var registry = new LoopbackServer(async exchange =>
        {
            await exchange.StartAsync(200);
            await exchange.WriteAsync("""{"tags":["0.0.0" """u8.ToArray());
            for (var i = 0; i < Tags; i += 1000)
            {
                await exchange.WriteAsync([.. Enumerable.Range(i, 1000).SelectMany(n =>
                    System.Text.Encoding.ASCII.GetBytes($",\"1.{n}.0\""))]);
                var now = GC.GetTotalMemory(forceFullCollection: i % 30_000 == 0);
                (start, most) = i == 0 ? (now, now) : (start, i % 30_000 == 0 ? Math.Max(most, now) : most);
            }

            await exchange.WriteAsync("]}"u8.ToArray());
        });
        using var transport = new RegistryTransport(Registries.Named(registry));
        var client = new RegistryClient(transport, RegistryCredentials.None);

        var best = await VersionRange.Parse("1.x").BestAsync(client.ListTagsAsync(registry.Repository, stop), 5, stop);

        Assert.Equal($"1.{Tags - 1}.0", best[0].Tag.Text);

        // All of them at once would be over ten megabytes; buffers that are on their way differ from run to run.
        Assert.True(most - start < 5_000_000, $"{most - start} bytes more");
    }
}
