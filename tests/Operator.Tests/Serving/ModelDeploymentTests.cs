using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Resources;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Tests.Golden;

namespace IrisOperator.Operator.Tests.Serving;

public sealed class ModelDeploymentTests
{
    // A large model on a busy node was killed by the liveness probe while it loaded, and its version rejected for the restart.
    [Theory]
    [InlineData(null, 600)]
    [InlineData(900, 900)]
    [InlineData(1, 60)]
    public void a_slow_start_is_not_ended_before_the_deadline(int? deadline, int seconds)
    {
        var container = Build(new IrisModelSpec { Rollout = new RolloutSpec { ProgressDeadlineSeconds = deadline } });

        Assert.NotNull(container.LivenessProbe);
        Assert.Equal(seconds, container.StartupProbe.FailureThreshold * container.StartupProbe.PeriodSeconds);
    }

    // Field report: every pod that drained left an Unhealthy event each second, for /readyz refuses then.
    [Fact]
    public void a_pod_that_drains_is_not_asked_for_what_it_refuses()
    {
        var container = Build(new IrisModelSpec());

        Assert.All([container.ReadinessProbe, container.LivenessProbe, container.StartupProbe], probe =>
            Assert.Equal("/healthz", probe.HttpGet.Path));
    }

    // Field report: another tag of the digest that is served replaced all pods.
    [Fact]
    public void a_new_tag_of_the_same_digest_replaces_no_pods()
    {
        var image = new ServedImage { Version = "1.0.0", Digest = "sha256:0", Reference = "registry.test/iris@sha256:0" };

        var wanted = ModelDeployment.Build(Model(new IrisModelSpec()), run: null, image with { Version = "1.0.1" }, Scene.Options);
        var live = ModelDeployment.Build(Model(new IrisModelSpec()), run: null, image, Scene.Options);

        Assert.Equal(ModelDeployment.Revision(live), ModelDeployment.Revision(wanted));
        Assert.True(AppliedObject.IsCurrent(live, wanted));
    }

    private static V1Container Build(IrisModelSpec spec) =>
        ModelDeployment.Build(Model(spec), run: null, new ServedImage { Reference = "registry.test/iris@sha256:0" }, Scene.Options)
            .Spec.Template.Spec.Containers[0];

    private static IrisModel Model(IrisModelSpec spec) =>
        new() { Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "default", Uid = "uid" }, Spec = spec };
}
