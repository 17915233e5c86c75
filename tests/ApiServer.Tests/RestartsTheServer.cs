using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests;

[CollectionDefinition(nameof(RestartsTheServer))]
public sealed class RestartsTheServer : ICollectionFixture<OwnControlPlane>;

/// <summary>A control plane that these tests may kill.</summary>
public sealed class OwnControlPlane : IAsyncLifetime
{
    private readonly ControlPlaneFixture _fixture = new();

    public TestControlPlane Plane => _fixture.Plane;

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
