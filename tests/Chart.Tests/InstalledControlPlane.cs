using IrisOperator.Testing;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.Chart.Tests;

/// <summary>A control plane on which `kubectl apply -k config/default` has been run, once for all tests of a class.</summary>
public sealed class InstalledControlPlane : IAsyncLifetime
{
    private readonly ControlPlaneFixture _fixture = new();

    public TestControlPlane Plane => _fixture.Plane;

    public async ValueTask InitializeAsync()
    {
        await _fixture.InitializeAsync();
        if (TestControlPlane.Missing is not null)
        {
            return;
        }

        await Tool.KubectlAsync(Plane, "apply", "-k", Path.Combine(Repository.Root, "config", "default"));
        await Tool.KubectlAsync(
            Plane, "wait", "--for=condition=Established", "crd/iristrainings.iris-operator.dev", "crd/irismodels.iris-operator.dev");
        // The API server describes a kind some time after it takes resources of it.
        await DescribedAsync("irt.spec");
        await DescribedAsync("irm.spec");
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private async Task DescribedAsync(string path)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while ((await Tool.TryAsync(Plane, "kubectl", "explain", path)).ExitCode != 0)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
