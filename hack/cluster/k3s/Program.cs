using System.Diagnostics;
using System.Runtime.InteropServices;
using IrisOperator.K3s;

const int Failed = 1, Usage = 2, Unavailable = 3, Interrupted = 130;

var clock = Stopwatch.StartNew();
using var interrupted = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt);
try
{
    switch (args)
    {
        case ["up", var folder]:
            await K3sCluster.UpAsync(folder, Say, interrupted.Token);
            return 0;
        case ["down", var folder]:
            await K3sCluster.DownAsync(folder, interrupted.Token);
            return 0;
        case ["running", var folder]:
            return await K3sCluster.IsRunningAsync(folder, interrupted.Token) ? 0 : Failed;
        case ["available"]:
            await K3sCluster.RequireAsync(Say, interrupted.Token);
            return 0;
        default:
            await Console.Error.WriteLineAsync("usage: iris-k3s up|down|running <state folder>, or iris-k3s available");
            return Usage;
    }
}
catch (EngineUnavailableException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return Unavailable;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("interrupted; what had been started was removed");
    return Interrupted;
}
catch (Exception e) when (e is K3sException or Docker.DotNet.DockerApiException or HttpRequestException or IOException)
{
    await Console.Error.WriteLineAsync(e is K3sException ? e.Message : $"the Docker engine: {Failures.OneLine(e)}");
    return Failed;
}

void Interrupt(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted.Cancel();
}

void Say(string text) => Console.Error.WriteLine($"[{clock.Elapsed.TotalSeconds,4:0}s] {text}");
