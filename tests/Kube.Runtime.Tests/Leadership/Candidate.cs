using IrisOperator.Kube.Runtime.Leadership;

namespace IrisOperator.Kube.Runtime.Tests.Leadership;

/// <summary>A process that stands for election, and whose work ends when the test says so.</summary>
internal sealed class Candidate
{
    private readonly TaskCompletionSource _leading = new();

    public Candidate(LeaderElector elector)
    {
        Gate = elector.Gate;
        Running = elector.RunAsync(
            lost =>
            {
                Lost = lost;
                lost.Register(() => Work.TrySetCanceled(lost));
                _leading.SetResult();
                return Work.Task;
            },
            Stopping.Token);
    }

    public CancellationTokenSource Stopping { get; } = new();

    public TaskCompletionSource Work { get; } = new();

    public LeadershipGate Gate { get; }

    public Task Leading => _leading.Task;

    public Task Running { get; }

    public CancellationToken Lost { get; private set; }

    public async Task FinishAsync()
    {
        Work.SetResult();
        await Running;
    }

    public async Task StopAsync()
    {
        await Stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Running);
    }
}
