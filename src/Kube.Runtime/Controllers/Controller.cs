using System.Diagnostics;
using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Kube.Runtime.Diagnostics;
using IrisOperator.Kube.Runtime.Leadership;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>Turns changes into keys and keys into passes.</summary>
internal sealed partial class Controller<T>(
    ControllerBuilder<T> settings, StoreReader<T> store, IReconciler<T> reconciler, ILogger logger, TimeProvider time, Func<double> jitter)
    : IController
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    // The safety net: how often each object gets a pass without any change, with 20 % jitter.
    private static readonly TimeSpan _resyncPeriod = TimeSpan.FromMinutes(10);
    private readonly WorkQueue<ObjectKey> _queue =
        new(time, jitter, change => RuntimeMetrics.QueueDepth.WithLabels(settings.Name).Inc(change));

    private volatile bool _running;

    private string Name => settings.Name;

    public void Subscribe()
    {
        store.Subscribe(OnChange);
        foreach (var source in settings.Sources)
        {
            source(Enqueue);
        }
    }

    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        // A new leader looks at everything: what it heard as a standby may have been handled, or left half done, by the one before.
        _running = true;
        foreach (var obj in store.List())
        {
            _queue.Add(obj.Key());
        }

        LogStarted(Name, settings.WorkerCount);
        Task[] workers = [.. Enumerable.Range(0, settings.WorkerCount).Select(_ => WorkAsync(stopping, aborting))];

        // A worker ends early by a failure only, and one less would not be seen: the process ends with it.
        await await Task.WhenAny(workers);
        await Task.WhenAll(workers);
        LogStopped(Name);
    }

    public void Dispose() => _queue.Dispose();

    internal void OnChange(T? before, T? after)
    {
        var key = (after ?? before)!.Key();
        if (after is not null && before?.Metadata.Generation != after.Metadata.Generation)
        {
            // A new spec deserves a prompt try, however often the old one failed.
            _queue.Forget(key);
        }

        if (settings.Predicate(before, after))
        {
            Enqueue(key);
        }
    }

    // A standby has no worker that would take the keys: they would pile up, those of deleted objects too.
    private void Enqueue(ObjectKey key)
    {
        if (_running)
        {
            _queue.Add(key);
        }
    }

    private async Task WorkAsync(CancellationToken stopping, CancellationToken aborting)
    {
        // Leave the caller's stack: a worker may find keys for a long while before it first waits for one.
        await Task.Yield();
        while (!stopping.IsCancellationRequested && !aborting.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                key = await _queue.TakeAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await ReconcileOneAsync(key, aborting);
            }
            finally
            {
                _queue.Done(key);
            }
        }
    }

    private async Task ReconcileOneAsync(ObjectKey key, CancellationToken aborting)
    {
        using var scope = ReconcileScope.Begin(logger, key, known => store.Get(known)?.Metadata.Generation);
        using var activity = RuntimeMetrics.Activities.StartActivity("reconcile");
        activity?.SetTag("controller", Name).SetTag("key", key.ToString());
        RuntimeMetrics.ActiveWorkers.WithLabels(Name).Inc();
        var began = time.GetTimestamp();
        ReconcileOutcome outcome;
        try
        {
            outcome = ReconcileOutcome.From(await reconciler.ReconcileAsync(key, aborting));
        }
        catch (Exception error) when (aborting.IsCancellationRequested || error is NotLeadingException)
        {
            // The process ends or leads no more, and the next leader looks at every key. A late renewal may open the gate again.
            LogAborted(Name, key);
            _queue.AddRateLimited(key);
            return;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            outcome = ReconcileOutcome.From(error);
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
        }
        finally
        {
            RuntimeMetrics.ActiveWorkers.WithLabels(Name).Dec();
        }

        RuntimeMetrics.Reconciled(Name, outcome.Result, time.GetElapsedTime(began));
        Plan(key, outcome);
    }

    private void Plan(ObjectKey key, in ReconcileOutcome outcome)
    {
        if (outcome.BacksOff)
        {
            Log(key, outcome, _queue.AddRateLimited(key));
            return;
        }

        _queue.Forget(key);
        var delay = outcome.After;
        if (store.Get(key) is not null)
        {
            // Never later than the resync: a requested delay of an hour must not switch the safety net off.
            var resync = _resyncPeriod * (0.9 + (jitter() * 0.2));
            delay = delay < resync ? delay : resync;
        }

        if (delay is { } after)
        {
            _queue.AddAfter(key, after);
        }

        Log(key, outcome, delay);
    }

    private void Log(ObjectKey key, in ReconcileOutcome outcome, TimeSpan? delay)
    {
        switch (outcome)
        {
            case { Result: not ReconcileResults.Error }:
                LogDone(Name, key, outcome.Result, delay?.TotalSeconds);
                break;
            // What the server answers, or that it does not, is no bug: a stack trace would tell nothing.
            case { Error: KubeApiException or HttpRequestException or IOException or TimeoutException }:
                LogRefused(Name, key, delay?.TotalSeconds, outcome.Error.Message);
                break;
            default:
                LogFailed(outcome.Error!, Name, key, delay?.TotalSeconds);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller {Controller} started with {Workers} workers")]
    private partial void LogStarted(string controller, int workers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller {Controller} stopped")]
    private partial void LogStopped(string controller);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Reconcile of {Key} by {Controller} ended: {Result}, next in {Seconds:0.0} s")]
    private partial void LogDone(string controller, ObjectKey key, string result, double? seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reconcile of {Key} by {Controller} failed, next in {Seconds:0.0} s")]
    private partial void LogFailed(Exception error, string controller, ObjectKey key, double? seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reconcile of {Key} by {Controller} failed, next in {Seconds:0.0} s: {Problem}")]
    private partial void LogRefused(string controller, ObjectKey key, double? seconds, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Reconcile of {Key} by {Controller} cancelled: not leading, or stopping")]
    private partial void LogAborted(string controller, ObjectKey key);
}

internal interface IController : IDisposable
{
    /// <summary>Hooks into the stores. Before they are filled, else changes would be missed.</summary>
    public void Subscribe();

    /// <summary>Runs the workers until <paramref name="stopping"/>, then lets running passes end.</summary>
    /// <param name="stopping">No new pass begins.</param>
    /// <param name="aborting">Reconciles that are going on are cancelled: leadership is lost, or draining took too long.</param>
    public Task RunAsync(CancellationToken stopping, CancellationToken aborting);
}
