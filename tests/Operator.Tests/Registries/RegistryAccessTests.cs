using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests.Registries;

public sealed class RegistryAccessTests
{
    [Fact]
    public void what_the_administrator_named_is_told_to_the_container_that_speaks_with_the_registry()
    {
        var training = new IrisTraining
        {
            Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "default", Uid = "u" },
            Spec = new IrisTrainingSpec
            {
                Dataset = new DatasetSource { ClaimName = "d" },
                Publish = new PublishSpec { Repository = "registry.test/iris", Version = "1.0", Retain = 3 },
            },
        };
        var options = Scene.Options with
        {
            Registries = ["a.test", "b.test"],
            InsecureRegistries = ["b.test"],
            TokenServices = ["auth.test"],
            OnlyNamedRegistries = true,
        };

        var arguments = TrainingJob.Prune(training, "iris-1", [], options).Spec.Template.Spec.Containers[0].Args;

        Assert.Equal(
            [
                "--registry", "a.test", "--insecure-registry", "b.test", "--token-service", "auth.test", "--only-named-registries",
            ],
            arguments.TakeLast(7));
    }
}
