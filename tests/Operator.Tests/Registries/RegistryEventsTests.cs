using System.Text;
using IrisOperator.Operator.Registries;

namespace IrisOperator.Operator.Tests.Registries;

public sealed class RegistryEventsTests
{
    [Theory]
    [InlineData(
        """{"events":[{"action":"push","target":{"repository":"team/iris","tag":"1.0.1"}},"""
        + """{"action":"pull","target":{"repository":"other"}}]}""",
        "team/iris")]
    [InlineData(
        """{"events":[{"action":"push","target":{"repository":"a"}},{"action":"push","target":{"repository":"a"}},"""
        + """{"action":"mount","target":{"repository":"b"}}]}""",
        "a,b")]
    [InlineData("""{"type":"PUSH_ARTIFACT","event_data":{"repository":{"name":"iris","repo_full_name":"team/iris"}}}""", "team/iris")]
    [InlineData(
        """{"specversion":"1.0","type":"harbor.artifact.pushed","data":{"repository":{"repo_full_name":"team/iris"}}}""", "team/iris")]
    [InlineData("""{"events":[]}""", "")]
    [InlineData("""{"events":[{"action":"push","target":7}]}""", "")]
    public async Task repositories_are_found(string body, string expected) =>
        Assert.Equal(expected, string.Join(',', (await ReadAsync(body))!));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"events\":")]
    [InlineData("\"push\"")]
    [InlineData("""{"events":[],"events":[]}""")]
    [InlineData("""{"events":[{"target":{"repository":"\ud800"}}]}""")]
    [InlineData("""{"events":[{"target":{"\ud800":"a"}}]}""")]
    public async Task anything_else_is_refused(string body) => Assert.Null(await ReadAsync(body));

    private static Task<IReadOnlyList<string>?> ReadAsync(string body) =>
        RegistryEvents.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(body)), TestContext.Current.CancellationToken);
}
