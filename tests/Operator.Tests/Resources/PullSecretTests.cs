using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests.Resources;

/// <summary>Pods had no pull secret where the installation's images are in a registry with a password: ImagePullBackOff.</summary>
public sealed class PullSecretTests
{
    private static readonly OperatorOptions Options = Scene.Options with { PullSecrets = ["installation"] };

    [Fact]
    public void trainer_publisher_and_pruner_of_the_installation_are_pulled_with_its_secrets_and_those_of_the_spec()
    {
        var training = Training(new TrainerSpec { ImagePullSecrets = [new() { Name = "mine" }, new() { Name = "installation" }] });

        Assert.All(Jobs(training), job => Assert.Equal(["installation", "mine"], Names(job.Spec.Template.Spec)));
        Assert.All(Jobs(Training(null)), job => Assert.Equal(["installation"], Names(job.Spec.Template.Spec)));
    }

    [Fact]
    public void a_trainer_of_the_user_is_pulled_with_the_secrets_of_the_spec_alone()
    {
        var image = new ImageSpec { Repository = "registry.test/mine", Version = "1.2.3" };
        var training = Training(new TrainerSpec { Image = image, ImagePullSecrets = [new() { Name = "mine" }] });

        var jobs = Jobs(training);

        Assert.Equal(["mine"], Names(jobs[0].Spec.Template.Spec));
        Assert.All(jobs[1..], job => Assert.Equal(["installation", "mine"], Names(job.Spec.Template.Spec)));
    }

    [Theory]
    [InlineData(false, null, "installation")]
    [InlineData(true, "mine", "mine")]
    [InlineData(true, null, null)]
    public void the_secrets_of_the_installation_are_for_its_own_server(bool hasImage, string? named, string? expected)
    {
        var model = new IrisModel
        {
            Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "default", Uid = "u" },
            Spec = new IrisModelSpec
            {
                Image = hasImage ? new ModelImageSpec { Repository = "registry.test/iris", Version = "1.x", PullSecretName = named } : null,
            },
        };

        var image = new ServedImage { Reference = "registry.test/iris:1.0.0" };
        var deployment = ModelDeployment.Build(model, null, image, Options);

        // Null and not empty: then Kubernetes takes those of the service account.
        Assert.Equal(expected is null ? null : [expected], Names(deployment.Spec.Template.Spec));
    }

    private static IrisTraining Training(TrainerSpec? trainer) => new()
    {
        Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "default", Uid = "u" },
        Spec = new IrisTrainingSpec
        {
            Dataset = new DatasetSource { ClaimName = "d" },
            Trainer = trainer,
            Publish = new PublishSpec { Repository = "registry.test/iris", Version = "1.0", Retain = 3 },
        },
    };

    private static V1Job[] Jobs(IrisTraining training) =>
    [
        TrainingJob.Train(training, Scene.Run, Options),
        TrainingJob.Publish(training, "p", Scene.Run, Options),
        TrainingJob.Prune(training, "r", [], Options),
    ];

    private static IEnumerable<string>? Names(V1PodSpec pod) => pod.ImagePullSecrets?.Select(secret => secret.Name);
}
