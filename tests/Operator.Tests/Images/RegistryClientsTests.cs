using IrisOperator.Operator.Images;
using IrisOperator.Registry;

namespace IrisOperator.Operator.Tests.Images;

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
