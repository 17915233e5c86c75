using System.Text.Json.Nodes;

namespace IrisOperator.Operator.Tests;

/// <summary>
/// The checks of the Pod Security profile "restricted" (k8s.io/pod-security-admission, 12 baseline and 7 restricted), over the JSON of
/// a pod template, so that a field our models do not know would be seen too. Beyond it: what we ask of our own pods.
/// </summary>
internal static class PodSecurity
{
    private static readonly string[] AllowedVolumes =
    [
        "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
    ];

    private static readonly string[] SafeSysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
    ];

    private static readonly (string Name, Func<JsonNode, bool> Holds)[] Checks =
    [
        // Baseline.
        ("hostNamespaces", pod => !Truths(Spec(pod), "hostNetwork", "hostPID", "hostIPC")),
        ("privileged", pod => Containers(pod).All(container => !Truths(Security(container), "privileged"))),
        ("capabilities_baseline", pod => Containers(pod).All(container =>
            Strings(Security(container)?["capabilities"]?["add"]).All(name => name == "NET_BIND_SERVICE"))),
        ("hostPathVolumes", pod => Volumes(pod).All(volume => volume["hostPath"] is null)),
        ("hostPorts", pod => Containers(pod).SelectMany(container => Items(container["ports"]))
            .All(port => ((int?)port["hostPort"] ?? 0) == 0)),
        ("appArmorProfile", pod => Securities(pod).All(security =>
            (string?)security?["appArmorProfile"]?["type"] is null or "RuntimeDefault" or "Localhost")),
        ("seLinuxOptions", pod => Securities(pod).All(security => security?["seLinuxOptions"] is null)),
        ("procMount", pod => Securities(pod).All(security => (string?)security?["procMount"] is null or "Default")),
        ("seccompProfile_baseline", pod => Securities(pod).All(security =>
            (string?)security?["seccompProfile"]?["type"] is not "Unconfined")),
        ("sysctls", pod => Items(Spec(pod)["securityContext"]?["sysctls"]).All(sysctl => SafeSysctls.Contains((string?)sysctl["name"]))),
        ("windowsHostProcess", pod => Securities(pod).All(security => !Truths(security?["windowsOptions"], "hostProcess"))),
        ("hostProbesAndHostLifecycle", pod => Containers(pod).All(container =>
            Handlers(container).All(handler => string.IsNullOrEmpty((string?)handler["host"])))),

        // Restricted.
        ("restrictedVolumes", pod => Volumes(pod).All(volume =>
            volume.AsObject().All(field => field.Key == "name" || AllowedVolumes.Contains(field.Key)))),
        ("allowPrivilegeEscalation", pod => Containers(pod).All(container =>
            (bool?)Security(container)?["allowPrivilegeEscalation"] == false)),
        ("runAsNonRoot", pod => Containers(pod).All(container =>
            ((bool?)Security(container)?["runAsNonRoot"] ?? (bool?)Spec(pod)["securityContext"]?["runAsNonRoot"]) == true)),
        ("runAsUser", pod => Securities(pod).All(security => (long?)security?["runAsUser"] != 0)),
        ("seccompProfile_restricted", pod => Containers(pod).All(container =>
            ((string?)Security(container)?["seccompProfile"]?["type"] ?? (string?)Spec(pod)["securityContext"]?["seccompProfile"]?["type"])
                is "RuntimeDefault" or "Localhost")),
        ("capabilities_restricted", pod => Containers(pod).All(container =>
            Strings(Security(container)?["capabilities"]?["drop"]).Contains("ALL"))),
        ("procMount_restricted", pod => Securities(pod).All(security => (string?)security?["procMount"] is null or "Default")),
    ];

    private static readonly (string Name, Func<JsonNode, bool> Holds)[] Ours =
    [
        ("readOnlyRootFilesystem", pod => Containers(pod).All(container => (bool?)Security(container)?["readOnlyRootFilesystem"] == true)),
        ("no service account token", pod =>
            (bool?)Spec(pod)["automountServiceAccountToken"] == false && Spec(pod)["serviceAccountName"] is null),
        ("no service links", pod => (bool?)Spec(pod)["enableServiceLinks"] == false),
        ("high uid", pod => (long?)Spec(pod)["securityContext"]?["runAsUser"] >= 10000),
        ("memory limit and requests", pod => Containers(pod).All(container =>
            container["resources"]?["limits"]?["memory"] is not null && container["resources"]?["requests"]?["cpu"] is not null)),
        ("no environment from secrets", pod => Containers(pod).All(container =>
            container["envFrom"] is null
            && Items(container["env"]).All(variable => variable["valueFrom"]?["secretKeyRef"] is null))),
    ];

    public static int RestrictedCount => Checks.Length;

    /// <returns>The names of the checks that do not hold for <c>{"metadata":…,"spec":…}</c> of a pod.</returns>
    public static IEnumerable<string> Violations(JsonNode pod) =>
        Checks.Concat(Ours).Where(check => !check.Holds(pod)).Select(check => check.Name);

    private static JsonNode Spec(JsonNode pod) => pod["spec"]!;

    private static IEnumerable<JsonNode> Containers(JsonNode pod) =>
        new[] { "containers", "initContainers", "ephemeralContainers" }.SelectMany(name => Items(Spec(pod)[name]));

    private static IEnumerable<JsonNode> Volumes(JsonNode pod) => Items(Spec(pod)["volumes"]);

    private static JsonNode? Security(JsonNode container) => container["securityContext"];

    private static IEnumerable<JsonNode?> Securities(JsonNode pod) => Containers(pod).Select(Security).Append(Spec(pod)["securityContext"]);

    private static IEnumerable<JsonNode> Handlers(JsonNode container) =>
        from holder in new[]
        {
            container["livenessProbe"], container["readinessProbe"], container["startupProbe"],
            container["lifecycle"]?["preStop"], container["lifecycle"]?["postStart"],
        }
        from action in new[] { holder?["httpGet"], holder?["tcpSocket"] }
        where action is not null
        select action;

    private static IEnumerable<JsonNode> Items(JsonNode? list) => (list as JsonArray ?? []).Select(item => item!);

    private static IEnumerable<string> Strings(JsonNode? list) => Items(list).Select(item => (string)item!);

    private static bool Truths(JsonNode? holder, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if ((bool?)holder?[name] == true)
            {
                return true;
            }
        }

        return false;
    }
}
