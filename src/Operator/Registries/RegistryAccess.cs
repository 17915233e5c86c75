namespace IrisOperator.Operator.Registries;

/// <summary>What a container needs to access the registry of a spec: options, credentials and a certificate authority.</summary>
internal static class RegistryAccess
{
    private const string CredentialsPath = "/registry/credentials";
    private const string CertificatePath = "/registry/ca";

    public static IEnumerable<string> Arguments(PublishSpec publish, OperatorOptions options) =>
    [
        .. Argument.Option(StepOption.Credentials, publish.SecretName is null ? null : $"{CredentialsPath}/.dockerconfigjson"),
        .. Argument.Option(StepOption.RegistryCa, publish.CaConfigMapName is null ? null : $"{CertificatePath}/ca.crt"),
        .. Argument.Options(StepOption.Registry, options.Registries.Except(options.InsecureRegistries)),
        .. Argument.Options(StepOption.InsecureRegistry, options.InsecureRegistries),
        .. Argument.Options(StepOption.TokenService, options.TokenServices),
        .. Argument.Flag(StepOption.OnlyNamedRegistries, options.OnlyNamedRegistries),
    ];

    public static IReadOnlyList<Mount> Mounts(PublishSpec publish)
    {
        var mounts = new List<Mount>();
        if (publish.SecretName is { } secret)
        {
            var volume = new V1Volume { Name = "registry-credentials", Secret = new V1SecretVolumeSource { SecretName = secret } };
            mounts.Add(new Mount(volume, CredentialsPath, IsReadOnly: true));
        }

        if (publish.CaConfigMapName is { } map)
        {
            var volume = new V1Volume { Name = "registry-ca", ConfigMap = new V1ConfigMapVolumeSource { Name = map } };
            mounts.Add(new Mount(volume, CertificatePath, IsReadOnly: true));
        }

        return mounts;
    }
}
