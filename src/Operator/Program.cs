using System.Net.Sockets;
using IrisOperator.Operator.Http;
using IrisOperator.Operator.Startup;
using Microsoft.AspNetCore.Connections;

try
{
    if (new CommandLine(Environment.GetEnvironmentVariable).Parse(args) is not { } arguments)
    {
        return 0;
    }

    if (arguments.Check is { } address)
    {
        return await HealthCheck.RunAsync(address, CancellationToken.None);
    }

    using var loggers = LoggerFactory.Create(
        logging => logging.AddProgramConsole(arguments.LogLevel, arguments.LogFormat, standardError: true));
    var program = new OperatorProgram(arguments, loggers, TimeProvider.System);
    return await program.RunAsync(ClusterConfiguration.Infer(TimeProvider.System));
}
catch (Exception error) when (
    error is FormatException or KubeConfigException or SocketException or IOException { InnerException: AddressInUseException })
{
    // Kestrel says which address is in use, the cause of it only that one is.
    await Console.Error.WriteLineAsync($"iris-operator: {error.GetBaseException().Message}");
    return 2;
}
