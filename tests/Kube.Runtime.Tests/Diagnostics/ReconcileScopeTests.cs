using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Kube.Runtime.Controllers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using static IrisOperator.Kube.Runtime.Tests.Leases;

namespace IrisOperator.Kube.Runtime.Tests.Diagnostics;

public sealed class ReconcileScopeTests : IReconciler<V1Lease>, IDisposable
{
    private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakeLoggerProvider _log = new();
    private readonly ILoggerFactory _loggers;
    private int _reconciled;

    public ReconcileScopeTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));

    [Fact]
    public async Task each_line_of_a_reconcile_names_the_object_its_generation_and_the_reconcile()
    {
        using var stop = new CancellationTokenSource();
        var store = new Store<V1Lease>();
        using var controller = new Controller<V1Lease>(
            new ControllerBuilder<V1Lease>("test", null!), store, this, _loggers.CreateLogger("controller"), TimeProvider.System,
            () => 0.5);
        controller.Subscribe();
        store.Replace([Lease("a", "1", generation: 7), Lease("b", "1")]);

        var running = controller.RunAsync(stop.Token, CancellationToken.None);
        await _both.Task.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await running;

        var lines = _log.Collector.GetSnapshot().Where(record => record.Message == "reconciling").Select(Scope).ToArray();
        var first = lines.Single(line => (string?)line["name"] == "a");
        var second = lines.Single(line => (string?)line["name"] == "b");
        Assert.Equal((Key("a").Namespace, 7L), (first["namespace"], first["generation"]));
        Assert.True(Guid.TryParse((string?)first["reconcileId"], out _));
        Assert.NotEqual(first["reconcileId"], second["reconcileId"]);
    }

    [Fact]
    public void a_logger_that_is_off_costs_no_scope() => Assert.Null(
        ReconcileScope.Begin(
            NullLogger.Instance, Key("a"), _ => throw new InvalidOperationException("asked for nothing")));

    public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        // Of another category, as what a reconciler calls logs by itself.
        _loggers.CreateLogger("other").LogInformation("reconciling");
        if (Interlocked.Increment(ref _reconciled) == 2)
        {
            _both.TrySetResult();
        }
        return Task.FromResult(ReconcileResult.Done);
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _log.Dispose();
    }

    private static Dictionary<string, object?> Scope(FakeLogRecord record) => record.Scopes
        .OfType<IEnumerable<KeyValuePair<string, object?>>>().SelectMany(scope => scope)
        .ToDictionary(StringComparer.Ordinal);
}
