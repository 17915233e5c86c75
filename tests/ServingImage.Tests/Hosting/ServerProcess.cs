using System.Diagnostics;
using System.Text.Json;

namespace IrisOperator.ServingImage.Tests.Hosting;

/// <summary>The real program, as the kubelet starts it.</summary>
public sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public int Port { get; private set; }

    public int Id => _process.Id;

    public static ServerProcess Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "iris-serving.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("IRIS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        return new ServerProcess(Process.Start(start)!);
    }

    public static async Task<ServerProcess> StartServingAsync(string modelFolder, int drainSeconds, CancellationToken ct)
    {
        var server = Start(
            ("IRIS_MODEL_DIR", modelFolder),
            ("IRIS_PORT", "0"),
            ("IRIS_DRAIN_SECONDS", drainSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await server.WaitForLogAsync("serving sha256:", ct);
        return server;
    }

    /// <summary>Reads the log up to the line with this message, and takes the port from it if there is one.</summary>
    public async Task WaitForLogAsync(string message, CancellationToken ct)
    {
        while (await _process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            using var entry = JsonDocument.Parse(line);
            if (entry.RootElement.GetProperty("Message").GetString()!.StartsWith(message, StringComparison.Ordinal))
            {
                Port = entry.RootElement.GetProperty("State").TryGetProperty(nameof(Port), out var port) ? port.GetInt32() : Port;
                return;
            }
        }
        throw new IOException($"the server ended without the line \"{message}\": {await _process.StandardError.ReadToEndAsync(ct)}");
    }

    public void Terminate() =>
        Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();

    public async Task<(int ExitCode, string Errors)> WaitForExitAsync(CancellationToken ct)
    {
        var errors = await _process.StandardError.ReadToEndAsync(ct);
        await _process.WaitForExitAsync(ct);
        return (_process.ExitCode, errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        _process.Dispose();
    }
}
