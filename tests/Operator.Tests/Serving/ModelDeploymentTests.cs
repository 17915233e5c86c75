using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Serving.Desired;

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

    private static V1Container Build(IrisModelSpec spec) => ModelDeployment.Build(
        new IrisModel { Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "default", Uid = "uid" }, Spec = spec },
        run: null,
        new ServedImage { Reference = "registry.test/iris@sha256:0" }).Spec.Template.Spec.Containers[0];
}
