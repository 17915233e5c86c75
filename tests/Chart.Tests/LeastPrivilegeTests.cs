using System.Text.Json.Nodes;
using IrisOperator.Operator.Tests;

namespace IrisOperator.Chart.Tests;

/// <summary>What the operator may do, over everything that installing it grants.</summary>
public sealed class LeastPrivilegeTests
{
    // Nobody who can edit a custom resource may come by more than these. Longer is a decision, not an accident.
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["iris-operator.dev/irismodels"] = "get list watch",
        ["iris-operator.dev/iristrainings"] = "get list watch",
        ["iris-operator.dev/irismodels/status"] = "patch",
        ["iris-operator.dev/iristrainings/status"] = "patch",
        ["batch/jobs"] = "get list watch create delete",
        ["apps/deployments"] = "get list watch create patch delete",
        ["apps/replicasets"] = "get list watch",
        ["/services"] = "get list watch create patch delete",
        ["/persistentvolumeclaims"] = "get list watch create",
        ["/pods"] = "get list watch",
        ["/configmaps"] = "get",
        ["/events"] = "list create patch",
    };

    private static readonly string[] Dangerous =
    [
        "*", "secrets", "exec", "attach", "portforward", "proxy", "token", "serviceaccounts", "roles", "rolebindings", "nodes", "escalate",
        "bind", "impersonate", "namespaces", "customresourcedefinitions", "webhook",
    ];

    public static TheoryData<string> Installations => ["default", "watchNamespace=team"];

    [Theory]
    [MemberData(nameof(Installations))]
    public async Task the_operator_has_only_the_rights_of_the_list(string installation)
    {
        foreach (var (_, rule) in await OperatorRulesAsync(installation, leaderElection: false))
        {
            foreach (var group in rule.Groups)
            {
                foreach (var resource in rule.Resources)
                {
                    Assert.True(Allowed.TryGetValue($"{group}/{resource}", out var verbs), $"{group}/{resource} is not on the list");
                    Assert.Empty(rule.Verbs.Except(verbs.Split(' ')));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Installations))]
    public async Task nothing_dangerous_is_granted_to_the_operator(string installation)
    {
        var rules = await OperatorRulesAsync(installation, leaderElection: false);

        Assert.NotEmpty(rules);
        Assert.DoesNotContain(
            rules.SelectMany(rule => rule.Rule.Words),
            word => Dangerous.Any(bad => word.Contains(bad, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Installations))]
    public async Task leases_are_touched_in_the_operators_own_namespace_only(string installation)
    {
        var (key, rule) = Assert.Single(await OperatorRulesAsync(installation, leaderElection: true));

        Assert.Equal("Role iris-system/iris-operator-leader-election", key);
        Assert.Equal(["leases"], rule.Resources);
        Assert.Empty(rule.Verbs.Except(["get", "create", "update", "patch"]));
    }

    [Fact]
    public async Task watching_one_namespace_needs_no_cluster_role()
    {
        var objects = await Rendering.ChartAsync("watchNamespace=team");

        Assert.DoesNotContain(objects.Keys, key => key.StartsWith("ClusterRole", StringComparison.Ordinal));
        Assert.Contains("Role team/iris-operator", objects.Keys);
        var binding = objects["RoleBinding team/iris-operator"];
        Assert.Equal("iris-system", (string?)binding["subjects"]![0]!["namespace"]);
        Assert.Equal("Role", (string?)binding["roleRef"]!["kind"]);
        var arguments = objects["Deployment iris-system/iris-operator"]["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!;
        Assert.Contains("--namespace=team", arguments.AsArray().Select(argument => (string?)argument));
    }

    [Fact]
    public async Task no_field_of_a_custom_resource_reaches_another_namespace_or_into_the_pod()
    {
        string[] forbidden =
        [
            "namespace", "serviceAccountName", "serviceAccount", "hostPath", "env", "envFrom", "command", "volumes", "template",
            "podTemplate", "securityContext",
        ];

        // Who may choose the image gains nothing by what it is told.
        string[] ofOwnImages = ["spec.trainer.command", "spec.trainer.env"];

        foreach (var crd in await CrdsAsync())
        {
            var fields = Schemas.Fields(crd).Where(field => !ofOwnImages.Contains(field.Path));
            Assert.Empty(fields.Select(field => field.Name).Intersect(forbidden));
        }
    }

    [Fact]
    public async Task the_operators_pods_are_restricted()
    {
        var objects = await Rendering.KustomizeAsync("default");
        var deployment = objects["Deployment iris-system/iris-operator"];
        var test = Assert.Single(Kube.Crd.Yaml.ReadAll(await Tool.RunAsync(
            "helm", "template", "iris", Rendering.ChartFolder, "--show-only", "templates/tests/ready.yaml")));

        // The operator talks to the API server, so it does have a token.
        Assert.Equal(["no service account token"], PodSecurity.Violations(deployment["spec"]!["template"]!));
        Assert.Empty(PodSecurity.Violations(test));
    }

    private static async Task<List<JsonNode>> CrdsAsync() =>
        [.. (await Rendering.KustomizeAsync("crd")).Values];

    private static async Task<List<(string Key, Rule Rule)>> OperatorRulesAsync(string installation, bool leaderElection)
    {
        var objects = installation == "default" ? await Rendering.KustomizeAsync("default") : await Rendering.ChartAsync(installation);
        var bound =
            from entry in objects
            where entry.Key.Contains("Binding ", StringComparison.Ordinal)
            where entry.Value["subjects"]!.AsArray().Any(subject => (string?)subject!["name"] == "iris-operator")
            select $"{entry.Value["roleRef"]!["kind"]} {entry.Value["metadata"]!["namespace"]}/{entry.Value["roleRef"]!["name"]}";
        return
        [
            .. from key in bound
               where key.EndsWith("leader-election", StringComparison.Ordinal) == leaderElection
               from rule in objects[key]["rules"]!.AsArray()
               select (key, new Rule(rule!)),
        ];
    }

    private sealed class Rule(JsonNode node)
    {
        public string[] Groups => Strings("apiGroups");

        public string[] Resources => Strings("resources");

        public string[] Verbs => Strings("verbs");

        public IEnumerable<string> Words => [.. Groups, .. Resources, .. Verbs, .. Strings("nonResourceURLs")];

        private string[] Strings(string name) => [.. (node[name] as JsonArray ?? []).Select(value => (string)value!)];
    }
}
