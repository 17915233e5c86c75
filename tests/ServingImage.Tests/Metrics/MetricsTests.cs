using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using IrisOperator.ServingImage.Tests.Hosting;

namespace IrisOperator.ServingImage.Tests.Metrics;

public sealed partial class MetricsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_page_counts_what_was_answered()
    {
        await using var server = await InProcessServer.StartAsync();
        await server.PredictAsync("""{"data":[5.1,3.5,1.4,0.2]}""");
        await server.PredictAsync("""{"data":[[5.9,3.2,4.8,1.8],[5.9,3.2,4.8,1.8],[100,0,6,2]]}""");
        await server.PredictAsync("{}");
        await server.GetAsync("/nowhere");
        await server.GetAsync("/readyz");

        var samples = Parse((await server.GetAsync("/metrics")).Body);

        Assert.Equal(2, samples["iris_requests_total{code=\"200\"}"]);
        Assert.Equal(1, samples["iris_requests_total{code=\"400\"}"]);
        Assert.Equal(1, samples["iris_requests_total{code=\"404\"}"]);
        Assert.Equal(0, samples["iris_requests_in_flight"]);
        Assert.Equal(1, samples["iris_predictions_total{class=\"setosa\"}"]);
        Assert.Equal(2, samples["iris_predictions_total{class=\"versicolor\"}"]);
        Assert.Equal(1, samples["iris_predictions_total{class=\"virginica\"}"]);
        Assert.Equal(1, samples["iris_out_of_range_total{feature=\"Sepal_Length\"}"]);
        Assert.Equal(1, samples["iris_out_of_range_total{feature=\"Sepal_Width\"}"]);
        Assert.Equal(0, samples["iris_out_of_range_total{feature=\"Petal_Width\"}"]);
        Assert.Equal(4, samples["iris_request_duration_seconds_count"]);
        Assert.Equal(4, samples["iris_request_duration_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal(1, samples[$"iris_model_info{{digest=\"{server.Digest}\",algorithm=\"xgboost\"}}"]);
        Assert.True(samples["process_resident_memory_bytes"] > 1_000_000);
        Assert.True(samples["process_cpu_seconds_total"] > 0);
        Assert.True(samples["process_open_fds"] > 0);
    }

    [Fact]
    public async Task every_line_follows_the_exposition_format_and_every_family_is_declared()
    {
        await using var server = await InProcessServer.StartAsync();

        var answer = await server.GetAsync("/metrics");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Headers["Content-Type"]);
        Assert.EndsWith("\n", answer.Body, StringComparison.Ordinal);
        var declared = new HashSet<string>();
        foreach (var line in answer.Body.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.True(declared.Add(line.Split(' ')[2]), line);
            }
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var match = SampleLine().Match(line);
                Assert.True(match.Success, line);
                Assert.Contains(declared, family => match.Groups[1].Value is var name
                    && (name == family || name == family + "_bucket" || name == family + "_sum" || name == family + "_count"));
            }
        }
    }

    [Fact]
    public async Task promtool_finds_nothing_to_complain_about_in_the_page()
    {
        await using var server = await InProcessServer.StartAsync();
        await server.PredictAsync("""{"data":[5.1,3.5,1.4,0.2]}""");
        var start = new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // It is in Debian's package prometheus; where it is missing, this fails.
        using var promtool = Process.Start(start)!;
        await promtool.StandardInput.WriteAsync((await server.GetAsync("/metrics")).Body);
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync(Ct) + await promtool.StandardError.ReadToEndAsync(Ct);
        await promtool.WaitForExitAsync(Ct);

        Assert.Equal((0, ""), (promtool.ExitCode, said));
    }

    private static Dictionary<string, double> Parse(string page)
    {
        return page.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToDictionary(
            line => line[..line.LastIndexOf(' ')],
            line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("""^([a-z_]+)(\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\})? (-?[0-9.]+(?:E[+-]?[0-9]+)?|\+Inf)$""")]
    private static partial Regex SampleLine();
}
