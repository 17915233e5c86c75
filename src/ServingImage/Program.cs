using System.Net.Sockets;
using IrisOperator.Contracts;
using IrisOperator.Learning;
using IrisOperator.ServingImage;

var command = new ServingCommand(args, Environment.GetEnvironmentVariable);
try
{
    if (command.PrintsHelp(out var code))
    {
        return code;
    }
    await using var server = ServingServer.Load(command.ReadOptions(), TimeProvider.System);
    await server.RunAsync();
    return ExitCode.Success;
}
catch (Exception error) when (
    error is InvalidOptionException or ModelFormatException or ModelDigestException or GoldenSampleMismatchException)
{
    return Fail(ExitCode.BadInput, error.Message);
}
catch (Exception error) when (error is IOException or SocketException)
{
    return Fail(ExitCode.MayBeRetried, error.Message);
}
catch (OperationCanceledException)
{
    // A signal came before the port was open.
    return ExitCode.Success;
}

int Fail(int code, string message)
{
    var line = message.ReplaceLineEndings(" ");
    Console.Error.WriteLine(line);
    if (command.TerminationLog is { } path)
    {
        try
        {
            File.WriteAllText(path, line + "\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{path}: {error.Message}");
        }
    }
    return code;
}
