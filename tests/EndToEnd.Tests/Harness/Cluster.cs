using IrisOperator.EndToEnd.Tests.Harness;

[assembly: AssemblyFixture(typeof(Cluster))]

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>The cluster of the environment with the operator installed, shared by all stories.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private const string HowToRun =
        "the end-to-end tests need a cluster with the operator installed: ONLY=EndToEnd hack/test, or " +
        "eval \"$(hack/cluster/env)\" && hack/install && dotnet test tests/EndToEnd.Tests";

    private ApiServer? _api;

    public ApiServer Api => _api ?? throw new InvalidOperationException(HowToRun);

    /// <summary>Host and port that the test, the nodes and the pods all reach.</summary>
    public string Registry { get; } = Environment.GetEnvironmentVariable("REGISTRY") ?? "";

    /// <summary>Where the operator was installed by hack/install.</summary>
    public string OperatorNamespace { get; } = Environment.GetEnvironmentVariable("OPERATOR_NAMESPACE") ?? "iris-system";

    /// <summary>The local cluster's folder on this machine, or null on a cluster that hack/cluster did not make.</summary>
    public string? StateFolder { get; } = FindStateFolder();

    public async ValueTask InitializeAsync()
    {
        if (Missing() is null)
        {
            _api = await ApiServer.StartAsync();
        }
    }

    public ValueTask DisposeAsync() => _api?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Without a cluster: fails in continuous integration, where it would go unnoticed, and skips elsewhere.</summary>
    public static void Require()
    {
        if (Missing() is not { } missing)
        {
            return;
        }

        var message = $"{missing} is not set; {HowToRun}";
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", message);
        Assert.Fail(message);
    }

    /// <summary>For what only the machine under the node can do: see the audit log, write on a volume, stop a process.</summary>
    public string RequireLocal()
    {
        Assert.SkipWhen(StateFolder is null, "needs the cluster that hack/cluster/up makes: its audit log, volumes and processes");
        return StateFolder!;
    }

    private static string? Missing() =>
        new[] { "KUBECONFIG", "REGISTRY" }.FirstOrDefault(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    private static string? FindStateFolder()
    {
        var folder = Path.GetDirectoryName(Environment.GetEnvironmentVariable("KUBECONFIG"));
        return Environment.GetEnvironmentVariable("CLUSTER") != "existing" && folder is not null &&
            File.Exists(Path.Combine(folder, "log", "audit.log"))
            ? folder
            : null;
    }
}
