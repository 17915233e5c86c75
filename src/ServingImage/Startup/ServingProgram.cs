using System.Net.Sockets;
using IrisOperator.Learning;
using IrisOperator.ServingImage.Logging;
using IrisOperator.ServingImage.Shutdown;

namespace IrisOperator.ServingImage.Startup;

/// <summary>The program: options, model, golden samples, listener, drain; in that order, and each failure with its exit code.</summary>
internal static class ServingProgram
{
    public const int Stopped = 0;

    /// <summary>Worth another try: the port is taken.</summary>
    public const int Retriable = 1;

    /// <summary>Bad options or a bad model: another try ends the same way.</summary>
    public const int Refused = 2;

    public static async Task<int> RunAsync(Func<string, string?> variable, Stream output, TextWriter errors, TimeProvider clock)
    {
        using var signals = new TerminationSignals();
        try
        {
            var options = ServingOptions.From(variable);
            using var loggers = new JsonLoggerFactory(output, options.LogLevel, clock);
            using var server = ServingServer.Load(options, loggers, clock);
            await server.StartAsync(signals.First);
            await server.RunAsync(signals);
            return Stopped;
        }
        catch (Exception error) when (
            error is InvalidOptionException or ModelFormatException or ModelDigestException or GoldenSampleMismatchException)
        {
            return Fail(variable, errors, Refused, error.Message);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return Fail(variable, errors, Retriable, error.Message);
        }
        catch (OperationCanceledException) when (signals.First.IsCancellationRequested)
        {
            return Stopped;
        }
    }

    private static int Fail(Func<string, string?> variable, TextWriter errors, int code, string message)
    {
        var line = message.ReplaceLineEndings(" ");
        errors.WriteLine(line);
        if (TerminationLog.Write(ServingOptions.TerminationLogFrom(variable), line) is { } problem)
        {
            errors.WriteLine(problem);
        }
        return code;
    }
}
