using System.Text.Json;
using System.Text.Json.Nodes;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests;

/// <summary>Every pod template that the operator can emit, over every combination of what shapes a template.</summary>
public sealed class PodSecurityTests
{
    private static readonly ResourceSpec?[] Resources =
    [
        null,
        new() { Limits = new Dictionary<string, string> { ["cpu"] = "2", ["memory"] = "2Gi" } },
        new() { Requests = new Dictionary<string, string> { ["memory"] = "8Gi" } },
        new() { Limits = new Dictionary<string, string> { ["memory"] = "1Mi" } },
    ];

    private static readonly ImageSpec?[] Images = [null, new() { Repository = "registry.test/a", Version = "1.2.3" }];

    private static readonly string?[] Modes = ["ReadWriteOnce", "ReadWriteMany", null];

    private static readonly V1ObjectMeta Metadata = new() { Name = "iris", NamespaceProperty = "default", Uid = "u" };

    [Fact]
    public void every_pod_template_of_every_training_is_restricted()
    {
        var count = 0;
        foreach (var template in TrainingTemplates())
        {
            Assert.Empty(PodSecurity.Violations(template));
            count++;
        }

        Assert.Equal(288, count);
    }

    [Fact]
    public void every_pod_template_of_every_step_after_a_run_is_restricted()
    {
        var count = 0;
        foreach (var template in StepTemplates())
        {
            Assert.Empty(PodSecurity.Violations(template));
            count++;
        }

        Assert.Equal(18, count);
    }

    [Fact]
    public void every_pod_template_of_every_model_is_restricted()
    {
        var count = 0;
        foreach (var template in ModelTemplates())
        {
            Assert.Empty(PodSecurity.Violations(template));
            count++;
        }

        Assert.Equal(128, count);
    }

    /// <summary>OpenShift's restricted-v2 gives each namespace its ids, and refuses pods that name others.</summary>
    [Fact]
    public void user_ids_are_left_to_a_platform_that_assigns_them()
    {
        var options = Scene.Options with { PlatformUserIds = true };

        Assert.All(TrainingTemplates(options).Concat(StepTemplates(options)).Concat(ModelTemplates(options)), template =>
        {
            var security = template["spec"]!["securityContext"]!.AsObject();
            Assert.DoesNotContain(security, field => field.Key is "runAsUser" or "runAsGroup" or "fsGroup");
            Assert.True((bool)security["runAsNonRoot"]!);
        });
    }

    [Theory]
    [InlineData("""{"hostNetwork":true}""", "hostNamespaces")]
    [InlineData("""{"volumes":[{"name":"x","hostPath":{"path":"/"}}]}""", "hostPathVolumes")]
    [InlineData("""{"volumes":[{"name":"x","nfs":{"server":"s","path":"/"}}]}""", "restrictedVolumes")]
    [InlineData("""{"securityContext":{"runAsUser":0}}""", "runAsUser")]
    [InlineData("""{"securityContext":{"runAsUser":65532}}""", "seccompProfile_restricted")]
    [InlineData("""{"securityContext":{"sysctls":[{"name":"kernel.msgmax","value":"1"}]}}""", "sysctls")]
    [InlineData("""{"securityContext":{"seccompProfile":{"type":"Unconfined"}}}""", "seccompProfile_baseline")]
    [InlineData("""{"initContainers":[{"name":"i"}]}""", "allowPrivilegeEscalation")]
    [InlineData("""{"initContainers":[{"name":"i"}]}""", "capabilities_restricted")]
    [InlineData("""{"initContainers":[{"name":"i","securityContext":{"privileged":true}}]}""", "privileged")]
    [InlineData("""{"initContainers":[{"name":"i","securityContext":{"capabilities":{"add":["SYS_ADMIN"]}}}]}""", "capabilities_baseline")]
    [InlineData("""{"initContainers":[{"name":"i","securityContext":{"procMount":"Unmasked"}}]}""", "procMount")]
    [InlineData("""{"initContainers":[{"name":"i","securityContext":{"runAsNonRoot":false}}]}""", "runAsNonRoot")]
    [InlineData("""{"initContainers":[{"name":"i","ports":[{"hostPort":80}]}]}""", "hostPorts")]
    [InlineData(
        """{"initContainers":[{"name":"i","livenessProbe":{"httpGet":{"host":"169.254.169.254"}}}]}""", "hostProbesAndHostLifecycle")]
    [InlineData("""{"initContainers":[{"name":"i","securityContext":{"seLinuxOptions":{"user":"u"}}}]}""", "seLinuxOptions")]
    [InlineData("""{"initContainers":[{"name":"i","securityContext":{"appArmorProfile":{"type":"Unconfined"}}}]}""", "appArmorProfile")]
    [InlineData("""{"initContainers":[{"name":"i","securityContext":{"windowsOptions":{"hostProcess":true}}}]}""", "windowsHostProcess")]
    [InlineData("""{"automountServiceAccountToken":true}""", "no service account token")]
    public void the_checker_finds(string damage, string violation)
    {
        var pod = ModelTemplates().First();
        foreach (var (name, value) in JsonNode.Parse(damage)!.AsObject())
        {
            pod["spec"]![name] = value?.DeepClone();
        }

        Assert.Contains(violation, PodSecurity.Violations(pod));
    }

    [Fact]
    public void the_checker_knows_all_nineteen_rules() => Assert.Equal(19, PodSecurity.RestrictedCount);

    private static IEnumerable<JsonNode> TrainingTemplates(OperatorOptions? options = null) =>
        from dataset in new DatasetSource[] { new() { ClaimName = "d" }, new() { ConfigMapName = "d", Path = "a/b.csv", Target = "t" } }
        from image in Images
        from resources in Resources
        from mode in Modes
        from deadline in new long?[] { null, 5 }
        from arguments in image is null ? [null] : new string[]?[] { null, ["$(IRIS_INPUT)", "$(IRIS_OUTPUT)"] }
        from publish in new PublishSpec?[]
        {
            null,
            new() { Repository = "registry.test/iris", Version = "1.0", SecretName = "registry", CaConfigMapName = "ca" },
        }
        let training = new IrisTraining
        {
            Metadata = Metadata,
            Spec = new IrisTrainingSpec
            {
                Dataset = dataset,
                Trainer = new TrainerSpec { Image = image, Args = arguments, Resources = resources, SharedMemory = "1Gi" },
                ActiveDeadlineSeconds = deadline,
                Publish = publish,
            },
        }
        select Json(TrainingJob.Train(training, Run(mode), options ?? Scene.Options).Spec!.Template!);

    private static IEnumerable<JsonNode> StepTemplates(OperatorOptions? options = null) =>
        from mode in Modes
        from secret in new[] { null, "registry" }
        let training = new IrisTraining
        {
            Metadata = Metadata,
            Spec = new IrisTrainingSpec
            {
                Dataset = new DatasetSource { ClaimName = "d" },
                Publish = new PublishSpec
                {
                    Repository = "registry.test/iris",
                    Version = "1.0",
                    SecretName = secret,
                    CaConfigMapName = secret,
                    Rebase = true,
                    Retain = 3,
                },
            },
        }
        from job in new[]
        {
            TrainingJob.Publish(training, "iris-0", Run(mode), options ?? Scene.Options),
            TrainingJob.Publish(training, "iris-1", Run(mode), options ?? Scene.Options, rebase: true),
            TrainingJob.Prune(training, "iris-2", ["1.0.0"], options ?? Scene.Options),
        }
        select Json(job.Spec!.Template!);

    private static IEnumerable<JsonNode> ModelTemplates(OperatorOptions? options = null) =>
        from secret in new[] { null, "registry" }
        from resources in Resources
        from run in Modes.Select(Served).Append(null)
        from server in new ServerSpec?[]
        {
            new() { Resources = resources },
            new() { Resources = resources, Port = 9090, RequestTimeoutSeconds = 30, MaxConcurrency = 3 },
        }
        let model = new IrisModel
        {
            Metadata = Metadata,
            Spec = new IrisModelSpec
            {
                Image = new ModelImageSpec { Repository = "registry.test/iris", PullSecretName = secret },
                Server = server,
                Model = run is null ? null : new ModelSource { TrainingRef = new TrainingReference { Name = "iris" } },
            },
        }
        let image = new ServedImage { Reference = "registry.test/iris@sha256:0" }
        from deployment in new[]
        {
            ModelDeployment.Build(model, run, image, options ?? Scene.Options),
            ModelDeployment.BuildCanary(model, image, replicas: 2, options ?? Scene.Options),
        }
        select Json(deployment.Spec!.Template!);

    private static ServedModel Served(string? mode) => new()
    {
        Source = "iris/1",
        Digest = "sha256:0",
        ClaimName = "models",
        ClaimAccessMode = mode,
        Path = "iris/iris-1",
    };

    private static TrainingRun Run(string? mode) => new()
    {
        Number = 1,
        JobName = "iris-1",
        InputsHash = "0",
        State = RunState.Accepted,
        ClaimName = "models",
        ClaimAccessMode = mode,
        ModelPath = "iris/iris-1",
        ModelDigest = "sha256:0",
    };

    private static JsonNode Json(V1PodTemplateSpec template) =>
        JsonSerializer.SerializeToNode(template, KubeJson.TypeInfo<V1PodTemplateSpec>())!;
}
