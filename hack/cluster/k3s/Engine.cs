using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;

namespace IrisOperator.K3s;

/// <summary>The Docker engine that Testcontainers found, for what Testcontainers itself does within one process only.</summary>
internal sealed class Engine : IDisposable
{
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);
    private readonly DockerClient _client;

    private Engine(DockerClient client) => _client = client;

    public static async Task<Engine> ConnectAsync(CancellationToken cancellationToken)
    {
        await OlderEngine.AdaptAsync(cancellationToken);
        var endpoint = FindEndpoint();
        var client = endpoint.GetDockerClientBuilder(Guid.Empty).Build();
        try
        {
            await Limit.WithinAsync(s_answer, "the Docker engine's answer", async token =>
            {
                await client.System.PingAsync(token);
                return true;
            }, cancellationToken);
            return new(client);
        }
        catch (Exception e) when (e is K3sException or HttpRequestException or DockerApiException or IOException)
        {
            client.Dispose();
            throw new EngineUnavailableException($"the Docker engine at {endpoint.Endpoint} does not answer: {Failures.OneLine(e)}");
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Size of an image on the disk in bytes, or null where the engine does not have the image.</summary>
    public async Task<long?> FindImageAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            return (await _client.Images.InspectImageAsync(image, cancellationToken)).Size;
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Without credentials: what is pulled is public.</summary>
    public Task PullAsync(string image, IProgress<JSONMessage> progress, CancellationToken cancellationToken) =>
        _client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = image }, new AuthConfig(), progress, cancellationToken);

    public Task<IList<ContainerListResponse>> ListAsync(string label, string value, CancellationToken cancellationToken) =>
        _client.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>>
                {
                    ["label"] = new Dictionary<string, bool> { [$"{label}={value}"] = true },
                },
            },
            cancellationToken);

    /// <summary>With its volumes, running or not.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await _client.Containers.RemoveContainerAsync(
                id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken);
        }
        catch (DockerContainerNotFoundException)
        {
            // Somebody else's `down` was faster.
        }
    }

    /// <summary>Runs a program in a container, and tells whether it exited 0.</summary>
    public async Task<bool> SucceedsAsync(string id, IList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            var exec = await _client.Exec.CreateContainerExecAsync(
                id, new ContainerExecCreateParameters { Cmd = command, AttachStdout = true, AttachStderr = true }, cancellationToken);
            using var output = await _client.Exec.StartContainerExecAsync(
                exec.ID, new ContainerExecStartParameters(), cancellationToken);
            await output.ReadOutputToEndAsync(cancellationToken);
            return (await _client.Exec.InspectContainerExecAsync(exec.ID, cancellationToken)).ExitCode == 0;
        }
        catch (DockerApiException)
        {
            return false;
        }
    }

    public static string Megabytes(long bytes) => (bytes / 1_000_000.0).ToString("0", CultureInfo.InvariantCulture) + " MB";

    private static IDockerEndpointAuthenticationConfiguration FindEndpoint()
    {
        try
        {
            if (TestcontainersSettings.OS.DockerEndpointAuthConfig is { } endpoint)
            {
                return endpoint;
            }

            // Only who wants to build something is told why not.
            new ContainerBuilder("none:1").Build();
        }
        catch (DockerUnavailableException e)
        {
            throw Failures.Explain(e);
        }

        throw new EngineUnavailableException("no Docker engine was found");
    }
}
