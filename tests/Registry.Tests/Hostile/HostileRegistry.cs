using System.Globalization;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests.Hostile;

/// <summary>What a registry could do to us, one rule a test. Nothing may leak a credential, reach a forbidden address or run on.</summary>
public abstract class HostileRegistry : LoopbackTests<ManualTimeProvider>
{
    private protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private protected async Task RefusedAsync(RegistryProblem expected, LoopbackServer registry, params LoopbackServer[] alsoNamed)
    {
        var client = Client(Registries.Named([registry, .. alsoNamed]), Registries.Credentials(registry));
        var error = await Assert.ThrowsAsync<RegistryException>(
            () => client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));
        Assert.Equal(expected, error.Problem);
        Assert.DoesNotContain(Registries.Secret, error.ToString(), StringComparison.Ordinal);
    }

    private protected async Task ListRefusedAsync(RegistryProblem expected, LoopbackServer registry, RegistryOptions options)
    {
        var client = Client(options);
        var error = await Assert.ThrowsAsync<RegistryException>(
            () => client.ListTagsAsync(registry.Repository, Stop).ToListAsync(Stop).AsTask());
        Assert.Equal(expected, error.Problem);
    }
}
