using IrisOperator.Registry.Authentication;

namespace IrisOperator.Operator.Images;

/// <summary>The client with the installation's credentials. It is kept, and with it its tokens, until the credentials change.</summary>
/// <param name="credentialsFile">As docker writes it; null without.</param>
public sealed class RegistryClients(RegistryTransport transport, string? credentialsFile)
{
    private readonly Lock _gate = new();
    private byte[] _read = [];
    private RegistryClient? _client;

    /// <exception cref="RegistryException">The file cannot be read, or is not what docker writes.</exception>
    public RegistryClient Get()
    {
        try
        {
            var content = credentialsFile is null ? [] : File.ReadAllBytes(credentialsFile);
            lock (_gate)
            {
                if (_client is null || !content.AsSpan().SequenceEqual(_read))
                {
                    var credentials = credentialsFile is null
                        ? RegistryCredentials.None
                        : RegistryCredentials.FromDockerConfig(content);
                    _client = new RegistryClient(transport, credentials);
                    _read = content;
                }

                return _client;
            }
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(
                RegistryProblem.Unauthorized, $"the credentials in {credentialsFile} cannot be read: {error.Message}", error);
        }
    }
}
