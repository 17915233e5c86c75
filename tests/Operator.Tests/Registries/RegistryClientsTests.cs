using IrisOperator.Operator.Registries;
using IrisOperator.Registry;
using IrisOperator.Testing;

namespace IrisOperator.Operator.Tests.Registries;

public sealed class RegistryClientsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly RegistryTransport _transport = new();

    public void Dispose()
    {
        File.Delete(_file);
        _transport.Dispose();
    }

    [Fact]
    public void a_client_is_kept_until_its_credentials_change()
    {
        var clients = new RegistryClients(_transport, _file);
        File.WriteAllText(_file, """{"auths":{"registry.test":{"username":"a","password":"b"}}}""");

        var first = clients.Get();
        Assert.Same(first, clients.Get());

        File.WriteAllText(_file, """{"auths":{"registry.test":{"username":"a","password":"c"}}}""");
        Assert.NotSame(first, clients.Get());
    }

    [Fact]
    public async Task corrected_credentials_are_told_without_a_look()
    {
        using var thread = new SingleThread();
        await thread.EnterAsync();
        var time = new ManualTimeProvider();
        var told = 0;
        _ = new RegistryClients(_transport, _file).WatchAsync(() => told++, time, TestContext.Current.CancellationToken);

        time.Advance(RegistryClients.CheckEvery);
        await ManualTimeProvider.SettleAsync();
        Assert.Equal(0, told);
        await File.WriteAllTextAsync(_file, """{"auths":{}}""", TestContext.Current.CancellationToken);
        await time.AdvanceUntilAsync(() => told > 0, TimeSpan.FromSeconds(1), RegistryClients.CheckEvery);

        Assert.Equal(1, told);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData(null)]
    public void credentials_that_cannot_be_read_are_told_by_their_file(string? content)
    {
        var file = content is null ? $"{_file}.missing" : _file;
        File.WriteAllText(_file, content);

        var error = Assert.Throws<RegistryException>(new RegistryClients(_transport, file).Get);

        Assert.Equal(RegistryProblem.Unauthorized, error.Problem);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }
}
