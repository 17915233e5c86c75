using System.IO.Pipelines;

namespace IrisOperator.ServingImage.Http;

/// <summary>Ends the wait for a body that does not arrive in time, without an exception and without a timer per request.</summary>
internal sealed class BodyDeadline(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private PipeReader? _reader;
    private long _armed;
    private TimeSpan _wait;

    public void Arm(PipeReader reader, TimeSpan wait)
    {
        lock (_lock)
        {
            _reader = reader;
            _armed = clock.GetTimestamp();
            _wait = wait;
            _timer ??= clock.CreateTimer(
                static self => ((BodyDeadline)self!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    public void Disarm()
    {
        lock (_lock)
        {
            _reader = null;
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Expire()
    {
        lock (_lock)
        {
            // A callback may have been on its way when the timer was stopped and armed again for the connection's next
            // request; that one's time is not over.
            if (_reader is { } reader && clock.GetElapsedTime(_armed) >= _wait)
            {
                _reader = null;
                reader.CancelPendingRead();
            }
        }
    }
}
