using System.Net.Sockets;

namespace IrisOperator.K3s;

/// <summary>Testcontainers speaks API 1.44 unless told otherwise, and Debian's own Docker only 1.41, which does as well.</summary>
internal static class OlderEngine
{
    private const string Variable = "DOCKER_API_VERSION";
    private static readonly Version s_oldest = new(1, 41);
    private static readonly Version s_spoken = new(1, 44);

    /// <summary>Takes effect in a process only before it used Testcontainers, which reads the variable once.</summary>
    public static async Task AdaptAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)) &&
            await FindVersionAsync(cancellationToken) is { } version && version >= s_oldest && version < s_spoken)
        {
            Environment.SetEnvironmentVariable(Variable, version.ToString());
        }
    }

    private static async Task<Version?> FindVersionAsync(CancellationToken cancellationToken)
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } named ? named : "unix:///var/run/docker.sock";
        if (!Uri.TryCreate(host, UriKind.Absolute, out var endpoint) || endpoint.Scheme != "unix" || !File.Exists(endpoint.LocalPath))
        {
            return null;
        }

        using var http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.LocalPath), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await http.GetAsync(new Uri("http://engine/_ping"), cancellationToken);
            return response.Headers.TryGetValues("Api-Version", out var values) && Version.TryParse(values.First(), out var version)
                ? version
                : null;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;   // Testcontainers says it better, and knows more places to look.
        }
    }
}
