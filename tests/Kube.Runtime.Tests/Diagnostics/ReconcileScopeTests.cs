using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Kube.Runtime.Controllers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static IrisOperator.Kube.Runtime.Tests.Leases;

namespace IrisOperator.Kube.Runtime.Tests.Diagnostics;

public sealed class ReconcileScopeTests : IReconciler<V1Lease>, ILoggerProvider, ISupportExternalScope, ILogger
{
    private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Dictionary<string, object?>> _lines = [];
    private readonly ILoggerFactory _loggers;
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ReconcileScopeTests() => _loggers = LoggerFactory.Create(logging => logging.AddProvider(this));

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

        var first = _lines.First(line => (string?)line.GetValueOrDefault("name") == "a");
        var second = _lines.First(line => (string?)line.GetValueOrDefault("name") == "b");
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
        return Task.FromResult(ReconcileResult.Done);
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    void ISupportExternalScope.SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    IDisposable? ILogger.BeginScope<TState>(TState state) => _scopes.Push(state);

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = new Dictionary<string, object?>();
        _scopes.ForEachScope(
            (scope, into) =>
            {
                foreach (var (name, value) in scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                {
                    into[name] = value;
                }
            },
            line);
        lock (_lines)
        {
            _lines.Add(line);
            if (_lines.Count(each => each.ContainsKey("name")) == 2)
            {
                _both.TrySetResult();
            }
        }
    }

    public void Dispose()
    {
    }
}
