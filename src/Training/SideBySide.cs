using System.Runtime.ExceptionServices;

namespace IrisOperator.Training;

/// <summary>Work by all processors, of which the caller learns the first failure itself.</summary>
internal static class SideBySide
{
    /// <exception cref="OperationCanceledException">The token says so.</exception>
    public static void Run(int count, Action<int> work, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellationToken }, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
