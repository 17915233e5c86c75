namespace IrisOperator.Operator.Resources;

/// <summary>What every pod of ours has in common: the Pod Security profile "restricted", and more than it asks.</summary>
public static class PodDefaults
{
    private const long UserId = 65532;

    private static readonly V1SecurityContext _containerSecurity = new()
    {
        AllowPrivilegeEscalation = false,
        ReadOnlyRootFilesystem = true,
        RunAsNonRoot = true,
        Capabilities = new V1Capabilities { Drop = ["ALL"] },
    };

    /// <summary>An empty /tmp: the rest of the file system is read-only.</summary>
    public static V1Volume TemporaryVolume { get; } = new() { Name = "tmp", EmptyDir = new V1EmptyDirVolumeSource() };

    public static V1VolumeMount TemporaryMount { get; } = new() { Name = TemporaryVolume.Name, MountPath = "/tmp" };

    public static V1PodSpec Pod(OperatorOptions options)
    {
        long? id = options.PlatformUserIds ? null : UserId;
        return new V1PodSpec
        {
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            SecurityContext = new V1PodSecurityContext
            {
                RunAsNonRoot = true,
                RunAsUser = id,
                RunAsGroup = id,
                FsGroup = id,
                FsGroupChangePolicy = "OnRootMismatch",
                SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
            },
        };
    }

    /// <summary>
    /// A container whose arguments and variables arrive as they are: kubelet would take <c>$(X)</c> and <c>$$</c> for its own.
    /// </summary>
    public static V1Container Container(
        string name, string? image, IEnumerable<string>? args = null, IEnumerable<V1EnvVar>? env = null) => new()
        {
            Name = name,
            Image = image,
            Args = args?.Select(Literal).ToList(),
            Env = env?.Select(variable => variable with { Value = variable.Value is { } value ? Literal(value) : null }).ToList(),
            ImagePullPolicy = "IfNotPresent",
            TerminationMessagePath = "/dev/termination-log",
            TerminationMessagePolicy = "FallbackToLogsOnError",
            SecurityContext = _containerSecurity,
        };

    /// <returns>
    /// Null without names: Kubernetes then takes those of the service account. Kubelet passes over secrets that do not exist.
    /// </returns>
    public static V1LocalObjectReference[]? PullSecrets(params IEnumerable<string?> names) =>
        names.OfType<string>().Distinct().Select(name => new V1LocalObjectReference { Name = name }).ToArray() is { Length: > 0 } secrets
            ? secrets
            : null;

    public static V1Volume ClaimVolume(string name, string? claim, bool? readOnly = null) => new()
    {
        Name = name,
        PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim, ReadOnlyProperty = readOnly },
    };

    /// <summary>Labels of a pod: its owner's, one more where it uses a claim, and what else the spec asks for.</summary>
    public static Dictionary<string, string> LabelsOf(
        IDictionary<string, string> owner, string? claim, IReadOnlyDictionary<string, string>? wanted)
    {
        Dictionary<string, string> ours = claim is null ? new(owner) : new(owner) { [Labels.Claim] = Names.LabelValue(claim) };
        var theirs = (wanted ?? new Dictionary<string, string>()).Where(label =>
            !ours.ContainsKey(label.Key) && !label.Key.StartsWith("iris-operator.dev/", StringComparison.Ordinal));
        return ours.Concat(theirs).ToDictionary();
    }

    /// <summary>Required affinity to the other pods of a claim that only one node can mount; null where several nodes can.</summary>
    /// <remarks>The first pod matches its own term, which the scheduler takes as satisfied. Finished pods do not count.</remarks>
    public static V1Affinity? SameNodeFor(string? claim, string? accessMode) =>
        claim is null || accessMode is null or "ReadWriteMany" or "ReadOnlyMany"
            ? null
            : new V1Affinity
            {
                PodAffinity = new V1PodAffinity
                {
                    RequiredDuringSchedulingIgnoredDuringExecution =
                    [
                        new V1PodAffinityTerm
                        {
                            LabelSelector = new V1LabelSelector
                            {
                                MatchLabels = new Dictionary<string, string> { [Labels.Claim] = Names.LabelValue(claim) },
                            },
                            TopologyKey = "kubernetes.io/hostname",
                        },
                    ],
                },
            };

    /// <summary>
    /// The spec's requests and limits over the defaults. A request above a limit that the spec leaves open lifts the limit. What cannot
    /// be overcommitted, such as a GPU, is requested and limited alike.
    /// </summary>
    public static V1ResourceRequirements Resources(ResourceSpec? spec, string cpu, string memory, string memoryLimit)
    {
        var defaults = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["cpu"] = cpu, ["memory"] = memory };
        var requests = Merge(defaults, spec?.Requests);
        var limits = Merge(new SortedDictionary<string, string>(StringComparer.Ordinal) { ["memory"] = memoryLimit }, spec?.Limits);
        foreach (var (name, limit) in limits.ToArray())
        {
            if (!requests.TryGetValue(name, out var request) || Quantity.Parse(request) <= Quantity.Parse(limit))
            {
                continue;
            }

            if (spec?.Limits?.ContainsKey(name) != true)
            {
                limits[name] = request;
            }
            else if (spec.Requests?.ContainsKey(name) != true)
            {
                requests[name] = limit;
            }
        }

        foreach (var name in requests.Keys.Union(limits.Keys).Where(ResourceName.IsExclusive).ToArray())
        {
            requests[name] = limits[name] = limits.GetValueOrDefault(name) ?? requests[name];
        }

        return new V1ResourceRequirements { Requests = Quantities(requests), Limits = Quantities(limits) };
    }

    internal static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    private static Dictionary<string, ResourceQuantity> Quantities(SortedDictionary<string, string> values) =>
        values.ToDictionary(entry => entry.Key, entry => new ResourceQuantity(entry.Value));

    private static SortedDictionary<string, string> Merge(
        SortedDictionary<string, string> defaults, IReadOnlyDictionary<string, string>? values)
    {
        foreach (var (name, value) in values ?? new Dictionary<string, string>())
        {
            defaults[name] = value;
        }

        return defaults;
    }
}
