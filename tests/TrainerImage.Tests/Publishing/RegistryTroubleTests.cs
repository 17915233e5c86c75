using System.Text;
using IrisOperator.Registry;
using IrisOperator.Testing;
using IrisOperator.TrainerImage.Publishing;

namespace IrisOperator.TrainerImage.Tests.Publishing;

/// <summary>Registries that are away, slow or closed to us.</summary>
public sealed class RegistryTroubleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public RegistryTroubleTests() => TestModels.Write(_folder.Combine("model"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task a_registry_that_comes_back_within_the_retry_timeout_gets_the_model()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        await using var proxy = new RegistryProxy(registry.Host, refusals: 30);
        var clock = new SkippingTimeProvider();

        var run = await Publisher.RunAsync(registry.Arguments(_folder.Combine("model"), by: proxy.Host), clock);

        Assert.Equal((0, "Published", "1.0.0"), (run.ExitCode, run["outcome"], run["version"]));
        Assert.Equal(30, proxy.Refused);
        Assert.Contains("; again in ", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_registry_that_stays_away_is_given_up_and_may_be_tried_again()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        await using var proxy = new RegistryProxy(registry.Host, refusals: int.MaxValue);
        var clock = new SkippingTimeProvider();

        var run = await Publisher.RunAsync(
            registry.Arguments(_folder.Combine("model"), by: proxy.Host, more: ["--retry-timeout", "60"]), clock);

        Assert.Equal((1, "Failed", "RegistryUnreachable"), (run.ExitCode, run["outcome"], run["reason"]));
        Assert.True((bool?)run.Report["retriable"]);
        Assert.True((bool?)run.Report["transient"]);

        // The client's own repeats of the last attempt come on top.
        Assert.InRange(clock.GetUtcNow() - DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(80));
    }

    [Fact]
    public async Task a_signal_ends_the_waiting()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        await using var proxy = new RegistryProxy(registry.Host, refusals: int.MaxValue);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Publisher.RunAsync(registry.Arguments(_folder.Combine("model"), by: proxy.Host), stop: stop.Token);
        await ManualTimeProvider.UntilAsync(() => proxy.Refused > 0);

        await stop.CancelAsync();
        var run = await running;

        Assert.Equal((1, "Interrupted"), (run.ExitCode, run["reason"]));
        Assert.True((bool?)run.Report["retriable"]);
    }

    [Fact]
    public async Task credentials_decide_and_are_never_told()
    {
        await using var registry = await RegistryWithBase.StartAsync(authentication: true);
        var right = await WriteCredentialsAsync("right", registry.Host, DebianRegistry.Password);
        var wrong = await WriteCredentialsAsync("wrong", registry.Host, "canary-4711");
        var arguments = registry.Arguments(_folder.Combine("model")).ToList();

        foreach (var run in new[] { await Publisher.RunAsync([.. arguments, "--credentials", wrong]), await Publisher.RunAsync(arguments) })
        {
            Assert.Equal((1, "RegistryUnauthorized"), (run.ExitCode, run["reason"]));
            Assert.DoesNotContain("canary", run.Output + run.Log, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String("robot:canary-4711"u8), run.Output + run.Log, StringComparison.Ordinal);
        }

        Assert.Equal("Published", (await Publisher.RunAsync([.. arguments, "--credentials", right]))["outcome"]);
    }

    [Theory]
    [InlineData(null, "there is no such file; is the Secret mounted, and does it have this key?")]
    [InlineData(
        "{\"auths\":{\"registry.example\":{\"auth\":\"canary\"}}}",
        "auths[\"registry.example\"].auth: expected the base64 of user:password")]
    [InlineData("canary", "expected a docker configuration, but this is no JSON")]
    public async Task credentials_that_are_none_are_an_error_that_says_so(string? content, string message)
    {
        var path = _folder.Combine("credentials");
        if (content is not null)
        {
            await File.WriteAllTextAsync(path, content, Stop);
        }

        var run = await Publisher.RunAsync(
            [
                _folder.Combine("model"), "--repository", "registry.invalid/iris", "--series", "1.0",
                "--base", "registry.invalid/base:1.0.0", "--credentials", path,
            ]);

        Assert.Equal((2, "InvalidArgument"), (run.ExitCode, run["reason"]));
        Assert.Equal($"--credentials: {path}: {message}", run["message"]);
    }

    [Theory]
    [InlineData("bases/serving", "2.x", "--base: HOST/bases/serving has no version within 2.x")]
    [InlineData("bases/none", "1.0.0", "--base: HOST/bases/none has no version within 1.0.0")]
    [InlineData("bases/serving:7.0.0", null, "--base: there is no HOST/bases/serving:7.0.0")]
    public async Task a_base_that_is_not_there_is_named(string image, string? range, string message)
    {
        await using var registry = await RegistryWithBase.StartAsync();

        var run = await Publisher.RunAsync(
        [
            _folder.Combine("model"), "--repository", $"{registry.Iris}", "--series", "1.0", "--insecure-registry", $"{registry.Host}",
            "--base", $"{registry.Host}/{image}", .. range is null ? Array.Empty<string>() : ["--base-version", range],
        ]);

        Assert.Equal((1, "RegistryNotFound"), (run.ExitCode, run["reason"]));
        Assert.Equal(message.Replace("HOST", $"{registry.Host}", StringComparison.Ordinal), run["message"]);
    }

    [Fact]
    public async Task a_private_address_is_refused_unless_the_registry_is_named()
    {
        var run = await Publisher.RunAsync(
            [_folder.Combine("model"), "--repository", "127.0.0.1:9/iris", "--series", "1.0", "--base", "127.0.0.1:9/base:1.0.0"]);

        Assert.Equal((2, "RegistryRefusedAddress"), (run.ExitCode, run["reason"]));
    }

    [Fact]
    public void each_reason_is_explained_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "spec", "image.md"));
        string[] reasons =
        [
            "InvalidArgument", "SchemaChanged", "ModelNotVerified", "ModelNotReadable", "Interrupted", "OutOfMemory", "Unexpected",
            .. Enum.GetNames<RegistryProblem>().Select(name => $"Registry{name}"),
        ];

        Assert.All(reasons, reason => Assert.Contains($"`{reason}`", page, StringComparison.Ordinal));
        Assert.All(PublishOptions.All.Concat(CommandOption.OfAll), option => Assert.Contains(
            option.HelpName is null ? $"`{option.Name}`" : $"`{option.Name} ", page, StringComparison.Ordinal));
    }

    private async Task<string> WriteCredentialsAsync(string name, RegistryHost host, string password)
    {
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DebianRegistry.User}:{password}"));
        await File.WriteAllTextAsync(_folder.Combine(name), $$$"""{"auths":{"{{{host}}}":{"auth":"{{{auth}}}"} } }""", Stop);
        return _folder.Combine(name);
    }
}
