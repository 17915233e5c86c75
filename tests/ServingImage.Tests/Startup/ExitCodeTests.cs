using IrisOperator.ServingImage.Tests.Hosting;
using IrisOperator.Testing;

namespace IrisOperator.ServingImage.Tests.Startup;

/// <summary>The real program with something wrong: it ends with the right code and one line that says what, in both places.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Model => _folder.Combine("model");

    private string TerminationLog => _folder.Combine("termination-log");

    [Fact]
    public async Task a_truncated_model_is_refused()
    {
        ModelFixtures.WriteIris(Model);
        var file = Path.Combine(Model, "model.json");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Ct))[..^10], Ct);

        await AssertRefusedAsync("model.json: expected ");
    }

    [Fact]
    public async Task an_altered_model_is_refused()
    {
        ModelFixtures.WriteIris(Model);
        var file = Path.Combine(Model, "model.json");
        var text = await File.ReadAllTextAsync(file, Ct);
        await File.WriteAllTextAsync(file, text.Replace("2.45", "2.46", StringComparison.Ordinal), Ct);

        await AssertRefusedAsync("model.json: the content does not have the sum");
    }

    [Fact]
    public async Task a_folder_without_a_model_is_refused() => await AssertRefusedAsync("manifest.json: no such file");

    [Fact]
    public async Task another_model_than_the_wanted_one_is_refused()
    {
        var digest = ModelFixtures.WriteIris(Model);
        var wanted = "sha256:" + new string('0', 64);

        await AssertRefusedAsync($"IRIS_MODEL_DIGEST asks for {wanted}, but {Model} holds {digest}", ("IRIS_MODEL_DIGEST", wanted));
    }

    [Fact]
    public async Task a_model_that_answers_its_golden_samples_differently_is_refused()
    {
        ModelFixtures.WriteIrisWithWrongGoldenSample(Model);

        await AssertRefusedAsync("golden sample 1 of 3: ");
    }

    [Fact]
    public async Task a_bad_option_is_refused()
    {
        ModelFixtures.WriteIris(Model);

        await AssertRefusedAsync("IRIS_PORT=\"http\": expected a whole number from 0 to 65535", ("IRIS_PORT", "http"));
    }

    [Fact]
    public async Task a_port_in_use_ends_with_the_code_that_may_be_retried()
    {
        ModelFixtures.WriteIris(Model);
        await using var other = await InProcessServer.StartAsync();

        var (code, errors) = await RunAsync(("IRIS_PORT", other.Server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        Assert.Equal(1, code);
        Assert.Contains("address already in use", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_termination_log_that_cannot_be_written_changes_nothing_else()
    {
        var (code, errors) = await RunAsync(("IRIS_TERMINATION_LOG", _folder.Combine("no", "such", "folder")));

        Assert.Equal(2, code);
        Assert.StartsWith("manifest.json: no such file", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task AssertRefusedAsync(string message, params (string, string)[] environment)
    {
        var (code, errors) = await RunAsync(environment);

        Assert.Equal(2, code);
        Assert.StartsWith(message, errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Equal(errors, await File.ReadAllTextAsync(TerminationLog, Ct));
    }

    private async Task<(int ExitCode, string Errors)> RunAsync(params (string, string)[] environment)
    {
        using var server = ServerProcess.Start(
            [("IRIS_MODEL_DIR", Model), ("IRIS_PORT", "0"), ("IRIS_TERMINATION_LOG", TerminationLog), .. environment]);
        return await server.WaitForExitAsync(Ct);
    }
}
