using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests.Training;

/// <summary>Which base a registry is asked for: one that may come to mean another image.</summary>
public sealed class PublicationBaseTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("1.x", "1.x")]
    [InlineData("~1.2.3", "~1.2.3")]
    [InlineData("1.2.3", null)]
    [InlineData(Digest, null)]
    [InlineData("latest", null)]
    public void a_range_is_asked_for(string version, string? asked)
    {
        var training = Training(new BaseImageSpec { Repository = "registry.test/serving", Version = version });

        Assert.Equal(asked, PublicationBase.SelectionOf(training, Scene.Options)?.Version);
        Assert.Null(PublicationBase.FixedView(training, Scene.Options));
    }

    [Theory]
    [InlineData("registry.test/serving:1.2.3-dev.g0", "1.2.3-dev.g0", null, null)]
    [InlineData("registry.test/serving@" + Digest, null, Digest, null)]
    [InlineData("registry.test/serving:1.2.3@" + Digest, null, Digest, null)]
    [InlineData("registry.test/serving:nightly", null, null, "BaseNotFollowed")]
    [InlineData("iris-serving:1.2.3", null, null, "BaseNotFollowed")]
    public void the_server_of_the_installation_is_known_or_asked_for(string image, string? asked, string? known, string? problem)
    {
        var options = Scene.Options with { ServingImage = image };

        Assert.Equal(asked, PublicationBase.SelectionOf(Training(null), options)?.Version);
        var view = PublicationBase.FixedView(Training(null), options);
        Assert.Equal((known, problem), (view?.Found?.Digest, view?.Problem?.Reason));
    }

    [Fact]
    public void nobody_is_asked_for_what_nobody_wants()
    {
        var wanted = Training(new BaseImageSpec { Repository = "registry.test/serving", Version = "1.x" });
        IrisTrainingSpec[] specs =
        [
            wanted.Spec with { Publish = null },
            wanted.Spec with { Suspend = true },
            wanted.Spec with { Publish = wanted.Spec.Publish! with { Rebase = false } },
        ];

        Assert.NotNull(PublicationBase.SelectionOf(wanted, Scene.Options));
        Assert.All(specs, spec => Assert.Null(PublicationBase.SelectionOf(wanted with { Spec = spec }, Scene.Options)));
    }

    private static IrisTraining Training(BaseImageSpec? image) => new()
    {
        Metadata = new() { Name = "iris" },
        Spec = new IrisTrainingSpec
        {
            Dataset = new DatasetSource { ClaimName = "d" },
            Publish = new PublishSpec { Repository = "registry.test/iris", Version = "1.0", Base = image, Rebase = true },
        },
    };
}
