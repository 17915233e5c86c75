using Docker.DotNet;
using Docker.DotNet.Models;

namespace IrisOperator.K3s;

/// <summary>Sees to it that the engine has the images, and says what is fetched.</summary>
internal sealed class ImageStore(Engine engine, Action<string> say)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(60);

    public async Task EnsureAsync(string image, CancellationToken cancellationToken)
    {
        if (await engine.FindImageAsync(image, cancellationToken) is not null)
        {
            return;
        }

        say($"the image {image} is not on this machine: pulling it");
        await PullAsync(image, cancellationToken);
        var size = await engine.FindImageAsync(image, cancellationToken)
            ?? throw new EngineUnavailableException($"the image {image} cannot be had: the engine pulled it, but does not have it");
        say($"pulled {image}, {Engine.Megabytes(size)} on the disk");
    }

    private async Task PullAsync(string image, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(s_silence, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        var progress = new PullProgress(() => silence.CancelAfter(s_silence));
        try
        {
            await Limit.WithinAsync(s_limit, $"the image {image}", async token =>
            {
                await engine.PullAsync(image, progress, token);
                return true;
            }, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Missing(image, $"nothing came for {s_silence.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is DockerApiException or K3sException or HttpRequestException or IOException)
        {
            throw Missing(image, Failures.OneLine(e));
        }

        if (progress.Error is { } error)
        {
            throw Missing(image, error);
        }
    }

    private static EngineUnavailableException Missing(string image, string why) => new($"the image {image} cannot be had: {why}");

    /// <summary>Not <see cref="Progress{T}"/>, which reports later, on another thread.</summary>
    private sealed class PullProgress(Action moved) : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value)
        {
            moved();
            Error ??= value.Error?.Message;
        }
    }
}
