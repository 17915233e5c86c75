namespace IrisOperator.K3s;

/// <summary>Every wait has a limit, and says what it waited for.</summary>
internal static class Limit
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs something that ends by itself; a <see cref="K3sException"/> after the limit.</summary>
    public static async Task<T> WithinAsync<T>(
        TimeSpan limit, string what, Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await action(either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new K3sException($"gave up after {limit.TotalSeconds:0} s of waiting for {what}");
        }
    }

    /// <summary>Asks until the answer is yes.</summary>
    public static Task UntilAsync(
        TimeSpan limit, string what, Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken) =>
        WithinAsync(limit, what, async token =>
        {
            while (!await ask(token))
            {
                await Task.Delay(s_pause, TimeProvider.System, token);
            }

            return true;
        }, cancellationToken);
}
