using IrisOperator.Registry.Tests.Servers;

namespace IrisOperator.Registry.Tests.Hostile;

public sealed class ListTests : HostileRegistry
{
    [Fact]
    public async Task tag_pages_that_never_end_end()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(
            200, """{"tags":["1.0.0"]}""", ("Link", $"</v2/iris/tags/list?last={Guid.NewGuid()}>; rel=\"next\"")));

        await ListRefusedAsync(RegistryProblem.TooLarge, registry, Registries.Named(registry) with { MaxTagPages = 7 });

        Assert.Equal(7, registry.Requests.Count);
    }

    [Fact]
    public async Task page_that_leads_to_itself_is_noticed()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(
            200, """{"tags":["1.0.0"]}""", ("Link", $"<{exchange.Target}>; rel=\"next\"")));

        await ListRefusedAsync(RegistryProblem.InvalidAnswer, registry, Registries.Named(registry));

        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task pages_in_a_circle_are_noticed()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(
            200, """{"tags":[]}""", ("Link", $"</v2/iris/tags/list?last={(exchange.Target.EndsWith('a') ? "b" : "a")}>; rel=\"next\"")));

        await ListRefusedAsync(RegistryProblem.InvalidAnswer, registry, Registries.Named(registry));

        Assert.Equal(3, registry.Requests.Count);
    }

    [Fact]
    public async Task next_page_elsewhere_is_refused()
    {
        var other = Serve(exchange => exchange.AnswerAsync(200, """{"tags":[]}"""));
        var registry = Serve(exchange => exchange.AnswerAsync(
            200, """{"tags":[]}""", ("Link", $"<http://127.0.0.1:{other.Port}/v2/iris/tags/list?n=1>; rel=\"next\"")));

        await ListRefusedAsync(RegistryProblem.RefusedRedirect, registry, Registries.Named(registry, other));

        Assert.Equal(0, other.Connections);
    }

    [Theory]
    [InlineData(10, 1 << 20)]
    [InlineData(1 << 20, 4096)]
    public async Task endless_page_is_cut_off(int maxTags, long maxBytes)
    {
        var registry = Serve(async exchange =>
        {
            await exchange.StartAsync(200);
            await exchange.WriteAsync("""{"tags":["""u8.ToArray());
            while (true)
            {
                await exchange.WriteAsync("\"1.0.0\",\"1.0.1\","u8.ToArray());
            }
        });

        await ListRefusedAsync(
            RegistryProblem.TooLarge, registry, Registries.Named(registry) with { MaxTags = maxTags, MaxTagListBytes = maxBytes });
    }

    [Fact]
    public async Task text_without_end_in_a_list_is_refused()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(200, $$"""{"tags":["{{new string('a', 100_000)}}"]}"""));

        await ListRefusedAsync(RegistryProblem.InvalidAnswer, registry, Registries.Named(registry));
    }
}
