using System.Net;
using System.Text;
using IrisOperator.Operator.Tests.Http;

namespace IrisOperator.Operator.Tests.Registries;

public sealed class RegistryNotificationsTests
{
    private const string Push =
        """{"events":[{"action":"push","target":{"repository":"team/iris"}},{"action":"push","target":{"repository":"team/rose"}}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_push_wakes_the_repositories_that_are_followed()
    {
        await using var server = await RunningEndpoint.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await NotifyAsync(server, "Bearer word"));
        Assert.Equal(["team/iris", "team/rose"], server.Woken);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer words")]
    [InlineData("Basic word")]
    [InlineData("word")]
    public async Task without_the_secret_nothing_is_woken(string? authorization)
    {
        await using var server = await RunningEndpoint.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await NotifyAsync(server, authorization));
        Assert.Empty(server.Woken);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task a_secret_that_is_empty_or_missing_lets_nobody_in(string? secret)
    {
        await using var server = await RunningEndpoint.StartAsync();
        File.Delete(server.SecretFile);
        if (secret is not null)
        {
            await File.WriteAllTextAsync(server.SecretFile, secret, Stop);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await NotifyAsync(server, "Bearer "));
    }

    [Fact]
    public async Task the_secret_may_be_changed_meanwhile()
    {
        await using var server = await RunningEndpoint.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await NotifyAsync(server, "Bearer word"));

        await File.WriteAllTextAsync(server.SecretFile, "new", Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, await NotifyAsync(server, "Bearer word"));
        Assert.Equal(HttpStatusCode.OK, await NotifyAsync(server, "Bearer new"));
    }

    [Fact]
    public async Task a_replica_that_does_not_lead_wakes_nothing()
    {
        await using var server = await RunningEndpoint.StartAsync();
        server.Leads = false;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await NotifyAsync(server, "Bearer word"));
        Assert.Empty(server.Woken);
    }

    private static async Task<HttpStatusCode> NotifyAsync(RunningEndpoint server, string? authorization)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/registry-events"));
        request.Content = new StringContent(Push, Encoding.UTF8, "application/json");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await client.SendAsync(request, Stop);
        // The next try of a registry may then reach the replica that leads.
        Assert.True(answer.Headers.ConnectionClose);
        return answer.StatusCode;
    }
}
