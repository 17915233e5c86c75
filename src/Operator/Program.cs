using System.Net.Sockets;
using IrisOperator.Kube;
using IrisOperator.Operator.Hosting;
using Microsoft.AspNetCore.Connections;

try
{
    var arguments = Arguments.Parse(args, Environment.GetEnvironmentVariable);
    if (arguments.Help)
    {
        await Console.Out.WriteLineAsync(Arguments.Usage);
        return 0;
    }

    if (arguments.Check is { } address)
    {
        return await HealthCheck.RunAsync(address, CancellationToken.None);
    }

    using var loggers = JsonLines.CreateFactory(Console.OpenStandardError(), arguments.LogLevel, TimeProvider.System);
    var program = new OperatorProgram(arguments, loggers, TimeProvider.System);
    return await program.RunAsync(KubeConfig.Infer(TimeProvider.System));
}
catch (Exception error) when (
    error is FormatException or KubeConfigException or SocketException or IOException { InnerException: AddressInUseException })
{
    // Kestrel says which address is in use, the cause of it only that one is.
    await Console.Error.WriteLineAsync($"iris-operator: {error.GetBaseException().Message}");
    return 2;
}
