namespace IrisOperator.Kube.Authentication;

/// <summary>The <c>exec</c> section of a kubeconfig user (client.authentication.k8s.io).</summary>
public sealed record ExecPlugin
{
    public required string ApiVersion { get; init; }

    /// <summary>Looked up in PATH, or relative to the kubeconfig when it contains a slash.</summary>
    public required string Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Shown when the command does not exist.</summary>
    public string? InstallHint { get; init; }

    /// <summary>JSON of <c>spec.cluster</c> for plugins that ask for it, else null.</summary>
    public string? ClusterInfo { get; init; }
}
