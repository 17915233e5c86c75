using System.Net.Sockets;
using IrisOperator.Operator.Hosting;

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
    return await program.RunAsync(ClusterConfiguration.Infer(TimeProvider.System), CancellationToken.None);
}
catch (Exception error) when (error is FormatException or KubeConfigException or SocketException)
{
    await Console.Error.WriteLineAsync($"iris-operator: {error.Message}");
    return 2;
}
