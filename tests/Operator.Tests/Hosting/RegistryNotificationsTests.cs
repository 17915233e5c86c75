using System.Text;
using IrisOperator.Operator.Hosting;
using IrisOperator.Testing;

namespace IrisOperator.Operator.Tests.Hosting;

public sealed class RegistryNotificationsTests : IDisposable
{
    private const string Push =
        """{"events":[{"action":"push","target":{"repository":"team/iris"}},{"action":"push","target":{"repository":"team/rose"}}]}""";

    private readonly TempFolder _folder = new();
    private readonly List<string> _woken = [];

    private string Secret => _folder.Combine("token");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void a_push_wakes_the_repositories_that_are_followed()
    {
        File.WriteAllText(Secret, "word\n");

        var answer = Ask("Bearer word", Push);

        Assert.Equal((200, "1 of 2 repositories are followed\n"), (answer!.Status, answer.Body));
        Assert.Equal(["team/iris", "team/rose"], _woken);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer words")]
    [InlineData("Basic word")]
    [InlineData("word")]
    public void who_does_not_know_the_secret_is_refused(string? authorization)
    {
        File.WriteAllText(Secret, "word");

        Assert.Equal(401, Ask(authorization, Push)!.Status);
        Assert.Empty(_woken);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void a_secret_that_is_empty_or_missing_lets_nobody_in(string? secret)
    {
        if (secret is not null)
        {
            File.WriteAllText(Secret, secret);
        }

        Assert.Equal(401, Ask("Bearer ", Push)!.Status);
    }

    [Fact]
    public void the_secret_may_be_changed_meanwhile()
    {
        File.WriteAllText(Secret, "old");
        Assert.Equal(200, Ask("Bearer old", Push)!.Status);

        File.WriteAllText(Secret, "new");

        Assert.Equal(401, Ask("Bearer old", Push)!.Status);
        Assert.Equal(200, Ask("Bearer new", Push)!.Status);
    }

    [Fact]
    public void what_is_no_notification_is_refused()
    {
        File.WriteAllText(Secret, "word");

        Assert.Equal(400, Ask("Bearer word", "{}")!.Status);
        Assert.Equal(400, Ask("Bearer word", "push!")!.Status);
    }

    [Fact]
    public void a_replica_that_does_not_lead_asks_to_try_again()
    {
        File.WriteAllText(Secret, "word");

        Assert.Equal(503, Ask("Bearer word", Push, leads: false)!.Status);
        Assert.Empty(_woken);
    }

    [Fact]
    public void without_a_secret_there_is_no_such_address()
    {
        Assert.Null(new RegistryNotifications(null, () => true, _ => true).Answer(Request("Bearer ", Push)));
    }

    private static HttpExchange Request(string? authorization, string body) =>
        new("POST", "/registry-events", authorization, Encoding.UTF8.GetBytes(body));

    private HealthServer.Answer? Ask(string? authorization, string body, bool leads = true) =>
        new RegistryNotifications(Secret, () => leads, Wake).Answer(Request(authorization, body));

    private bool Wake(string path)
    {
        _woken.Add(path);
        return path == "team/iris";
    }
}
