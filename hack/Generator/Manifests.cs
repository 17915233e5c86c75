using System.Reflection;
using System.Text.Json.Nodes;
using IrisOperator.Kube.Crd;
using IrisOperator.Kube.Runtime.Client;

namespace IrisOperator.Generator;

/// <summary>Every file that follows from the operator's C# types, for kustomize and for Helm from the same objects.</summary>
public static class Manifests
{
    /// <summary>Name of the operator's Deployment, ServiceAccount, Service and role.</summary>
    public const string OperatorName = "iris-operator";

    public const string LeaderElectionName = OperatorName + "-leader-election";

    private const string CrdFolder = "config/crd";
    private const string RbacFolder = "config/rbac";
    private const string ChartFolder = "charts/iris-operator/templates";
    private const string ChartCrdFolder = ChartFolder + "/crds";
    private const string Header = "# Generated from the C# types of src/Operator by hack/generate; do not edit.\n";

    public static IReadOnlyList<string> WhollyGeneratedFolders { get; } = [CrdFolder, ChartCrdFolder];

    public static IReadOnlyList<GeneratedFile> Build(Assembly assembly)
    {
        var types = assembly.GetTypes();
        var crds = types.Where(IsCustomResource).Select(LabelledCrd).OrderBy(FileName, StringComparer.Ordinal).ToList();
        var rules = Yaml.ToJson(RbacBuilder.BuildRules(types, ownNamespace: false)).AsArray();
        var ownRules = Yaml.ToJson(RbacBuilder.BuildRules(types, ownNamespace: true)).AsArray();
        return
        [
            .. crds.Select(crd => new GeneratedFile($"{CrdFolder}/{FileName(crd)}", Header + Yaml.Write(crd))),
            new($"{CrdFolder}/kustomization.yaml", Header + Yaml.Write(Kustomization(crds.Select(FileName)))),
            new($"{RbacFolder}/role.yaml", Header + Yaml.Write(Role("ClusterRole", OperatorName, rules))),
            new($"{RbacFolder}/leader_election_role.yaml", Header + Yaml.Write(Role("Role", LeaderElectionName, ownRules))),
            .. crds.Select(crd => new GeneratedFile($"{ChartCrdFolder}/{FileName(crd)}", HelmCrd(crd))),
            new($"{ChartFolder}/_rules.tpl", HelmRules(rules, ownRules)),
        ];
    }

    private static bool IsCustomResource(Type type) => ResourceDefinition.Find(type) is not null;

    private static JsonObject LabelledCrd(Type type)
    {
        var crd = CrdBuilder.Build(type);
        crd.Metadata.Labels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = OperatorName };
        return Yaml.ToJson(crd).AsObject();
    }

    private static string FileName(JsonObject crd) => crd["spec"]!["names"]!["plural"]!.GetValue<string>() + ".yaml";

    private static JsonObject Kustomization(IEnumerable<string> resources) => new()
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["resources"] = new JsonArray([.. resources.Select(resource => (JsonNode)resource)]),
    };

    private static JsonObject Role(string kind, string name, JsonArray rules) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["rules"] = rules.DeepClone(),
    };

    // The keep policy: helm uninstall must not delete every training and model of the cluster with their kinds.
    private static string HelmCrd(JsonObject crd)
    {
        var kept = crd.DeepClone().AsObject();
        kept["metadata"]!["annotations"] = new JsonObject { ["helm.sh/resource-policy"] = "keep" };
        var text = Yaml.Write(kept).Replace("{{", "{{ \"{{\" }}", StringComparison.Ordinal);
        return $"{{{{- if .Values.crds.install }}}}\n{Header}{text}{{{{- end }}}}\n";
    }

    private static string HelmRules(JsonArray rules, JsonArray ownRules) =>
        $$$"""
        {{- /* Generated from the C# types of src/Operator by hack/generate; do not edit. */ -}}
        {{- define "iris-operator.rules" -}}
        {{{Yaml.Write(rules)}}}{{- end }}
        {{- define "iris-operator.leaderElectionRules" -}}
        {{{Yaml.Write(ownRules)}}}{{- end }}

        """;
}
