namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>What a failure means for the next pass.</summary>
public enum ReconcileIntent
{
    /// <summary>Try again with growing delay.</summary>
    Retry,

    /// <summary>Something expected is not there yet: no error, no growing delay, the next pass after the time given.</summary>
    Wait,

    /// <summary>The user has to change something: no retry before a change or the resync.</summary>
    Stalled,

    /// <summary>
    /// It cannot succeed and should not have happened: logged and counted as an error, no retry before a change or the resync.
    /// </summary>
    Terminal,
}
