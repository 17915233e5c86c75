using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace IrisOperator.Registry;

/// <summary>The host of a registry and, where it was given, the port. Docker Hub's several names are one: docker.io.</summary>
public sealed partial record RegistryHost
{
    private const string DockerHub = "docker.io";

    private RegistryHost(string name, int? port)
    {
        Name = name is "index.docker.io" or "registry-1.docker.io" ? DockerHub : name;
        Port = port;
    }

    /// <summary>Lower case; an IPv6 address in brackets.</summary>
    public string Name { get; }

    /// <summary>Null for the scheme's own.</summary>
    public int? Port { get; }

    /// <summary>Where Docker Hub's registry listens is not what images are called after.</summary>
    internal string ConnectName => Name == DockerHub ? "registry-1.docker.io" : Name;

    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out RegistryHost? host, [NotNullWhen(false)] out string? error)
    {
        host = null;
        error = $"{Quote(text)} is no registry: expected host or host:port, such as registry.example:5000";
        var match = text is { Length: <= 260 } ? Shape().Match(text) : Match.Empty;
        if (!match.Success || !IsName(match.Groups["name"].Value))
        {
            return false;
        }

        int? port = null;
        if (match.Groups["port"] is { Success: true } given)
        {
            port = int.Parse(given.ValueSpan, CultureInfo.InvariantCulture);
            if (port is 0 or > 65535)
            {
                return false;
            }
        }

        host = new RegistryHost(match.Groups["name"].Value.ToLowerInvariant(), port);
        error = null;
        return true;
    }

    /// <exception cref="FormatException">The text names no registry.</exception>
    public static RegistryHost Parse(string? text) => TryParse(text, out var host, out var error) ? host : throw new FormatException(error);

    public override string ToString() => Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{port}") : Name;

    private static bool IsName(string name) => !name.StartsWith('[')
        || (IPAddress.TryParse(name, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6);

    [GeneratedRegex(
        @"^(?<name>[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\])"
        + @"(?::(?<port>[0-9]{1,5}))?\z")]
    private static partial Regex Shape();
}
