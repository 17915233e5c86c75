using System.Text;
using IrisOperator.Kube.Runtime.Diagnostics;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Reconciliation;
using IrisOperator.Testing;

namespace IrisOperator.Operator.Tests.Reconciliation;

/// <summary>Names, types, labels and help texts are an API: alerts are made of them.</summary>
public sealed class OperatorMetricsTests
{
    private static readonly V1Condition Stalled = new() { Type = "Stalled", Status = "True" };
    private static readonly V1Condition NotReady = new() { Type = "Ready", Status = "False" };

    [Fact]
    public async Task what_is_stuck_is_counted_by_kind_and_condition_and_what_has_no_status_too()
    {
        OperatorMetrics.Count("Table", isLeading: true, [null, [NotReady, Stalled], [NotReady]]);
        var page = await PageAsync();

        Assert.Contains("# HELP iris_resources Resources by kind and condition; of the leader.", page);
        Assert.Contains("""iris_resources{kind="Table",condition="Ready",status="Unknown"} 1""", page);
        Assert.Contains("""iris_resources{kind="Table",condition="Ready",status="False"} 2""", page);
        Assert.Contains("""iris_resources{kind="Table",condition="Stalled",status="True"} 1""", page);
        Assert.Contains("""iris_resources{kind="Table",condition="Stalled",status="False"} 2""", page);

        OperatorMetrics.Count("Table", isLeading: false, [[NotReady, Stalled]]);

        Assert.Contains("""iris_resources{kind="Table",condition="Stalled",status="True"} 0""", await PageAsync());
    }

    [Fact]
    public async Task each_metric_of_the_operator_is_on_the_page_of_the_program()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "spec", "operator.md"), TestContext.Current.CancellationToken);
        OperatorMetrics.Count("Table", isLeading: true, []);
        var types = (await PageAsync()).Where(line => line.StartsWith("# TYPE iris_", StringComparison.Ordinal));
        var names = types.Select(line => line.Split(' ')[2]).ToArray();

        Assert.Equal(3, names.Length);
        Assert.All(names, name => Assert.Contains($"| `{name}{{", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_run_is_counted_once_when_it_ends()
    {
        var before = await EndedAsync();

        OperatorMetrics.Ended(
            [Run(1, RunState.Accepted), Run(2, RunState.Running)], [Run(1, RunState.Accepted), Run(2, RunState.Rejected)]);
        OperatorMetrics.Ended([Run(2, RunState.Rejected)], [Run(2, RunState.Rejected), Run(3, RunState.Running)]);

        Assert.Equal(before + 1, await EndedAsync());
    }

    private static TrainingRun Run(int number, string state) => new() { Number = number, JobName = "j", InputsHash = "h", State = state };

    private static async Task<int> EndedAsync() => (await PageAsync())
        .Where(line => line.StartsWith("iris_training_runs_total{", StringComparison.Ordinal))
        .Sum(line => int.Parse(line.Split(' ')[1], null));

    private static async Task<string[]> PageAsync()
    {
        using var page = new MemoryStream();
        await RuntimeMetrics.Registry.CollectAndExportAsTextAsync(page, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(page.ToArray()).Split('\n');
    }
}
