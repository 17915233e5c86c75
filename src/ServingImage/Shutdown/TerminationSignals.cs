using System.Runtime.InteropServices;

namespace IrisOperator.ServingImage.Shutdown;

/// <summary>SIGTERM and SIGINT as tokens: the first of either, and the second.</summary>
internal sealed class TerminationSignals : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly CancellationTokenSource _second = new();
    private readonly PosixSignalRegistration[] _registrations;

    public TerminationSignals()
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        ];
    }

    public CancellationToken First => _first.Token;

    public CancellationToken Second => _second.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
        _first.Dispose();
        _second.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        (_first.IsCancellationRequested ? _second : _first).Cancel();
    }
}
