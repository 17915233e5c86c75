namespace IrisOperator.Kube.Authentication;

internal sealed class TokenFileCredentials(string path, TimeProvider time) : CredentialSource
{
    private static readonly TimeSpan _maxAge = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private Credentials? _current;
    private string? _token;
    private long _readAt;

    public override ValueTask<Credentials> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is null || time.GetElapsedTime(_readAt) >= _maxAge)
            {
                Read();
            }

            return new(_current!);
        }
    }

    public override bool Refused(Credentials credentials)
    {
        lock (_gate)
        {
            var before = _current;
            Read();
            return !ReferenceEquals(before, _current);
        }
    }

    private void Read()
    {
        try
        {
            var token = File.ReadAllText(path).Trim();
            if (token.Length == 0)
            {
                throw new IOException($"{path} is empty");
            }

            if (token != _token)
            {
                (_token, _current) = (token, new Credentials(token, null));
            }
        }
        catch (Exception error) when (_current is not null && (error is IOException or UnauthorizedAccessException))
        {
            // Kubelet swaps the volume's folder; the old token is valid for a good while longer.
        }

        _readAt = time.GetTimestamp();
    }
}
