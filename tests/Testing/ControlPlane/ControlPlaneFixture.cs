using Xunit;

namespace IrisOperator.Testing.ControlPlane;

/// <summary>
/// One control plane for all tests of an assembly: <c>[assembly: AssemblyFixture(typeof(ControlPlaneFixture))]</c>. Each test takes a
/// namespace of its own. Where the programs are missing, tests are skipped, and fail in CI, with what to do.
/// </summary>
public sealed class ControlPlaneFixture : IAsyncLifetime
{
    private TestControlPlane? _plane;
    private int _namespaces;

    /// <summary>Ask for it first in every test.</summary>
    public TestControlPlane Plane
    {
        get
        {
            if (_plane is null && Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(TestControlPlane.Missing);
            }

            Assert.SkipWhen(_plane is null, TestControlPlane.Missing ?? "not started");
            return _plane!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (TestControlPlane.Missing is null)
        {
            _plane = await TestControlPlane.StartAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync() => await (_plane?.DisposeAsync() ?? default);

    public async Task<string> CreateNamespaceAsync(IKubeClient client, CancellationToken cancellationToken)
    {
        var name = $"test-{Interlocked.Increment(ref _namespaces)}";
        await client.CreateAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, cancellationToken);
        return name;
    }
}
