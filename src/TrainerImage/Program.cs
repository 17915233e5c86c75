using System.Runtime.InteropServices;
using IrisOperator.TrainerImage;
using IrisOperator.TrainerImage.Pruning;
using IrisOperator.TrainerImage.Publishing;

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
return args switch
{
    ["publish", .. var rest] =>
        await new PublishCommand(Console.Out, Console.Error, Environment.GetEnvironmentVariable, TimeProvider.System)
            .RunAsync(rest, stop.Token),
    ["prune", .. var rest] =>
        await new PruneCommand(Console.Out, Console.Error, Environment.GetEnvironmentVariable, TimeProvider.System)
            .RunAsync(rest, stop.Token),
    _ =>
        new TrainCommand(Console.Out, Console.Error, Environment.GetEnvironmentVariable, TimeProvider.System)
            .Run(args, stop.Token),
};

void Stop(PosixSignalContext context)
{
    // Without this the runtime would end the process in the middle of whatever it does.
    context.Cancel = true;
    stop.Cancel();
}
