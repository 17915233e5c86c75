using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Resources;
using IrisOperator.Operator.Registries;

namespace IrisOperator.Operator.Tests.Registries;

/// <summary>What a removal is told to keep.</summary>
public sealed class ImagesInUseTests
{
    private const string Iris = "registry.test/iris";
    private static readonly string A = Digest('a'), B = Digest('b'), C = Digest('c'), D = Digest('d'), E = Digest('e');

    [Fact]
    public void everything_that_a_model_uses_remembers_or_may_take_is_kept()
    {
        var model = Model(new ModelImageSpec { Repository = Iris, Version = "~1.2.3", Pin = "1.0.0" }, rollbackTo: "0.9.0") with
        {
            Status = new IrisModelStatus
            {
                Image = new ServedImage
                {
                    Version = "1.0.0",
                    Digest = A,
                    Reference = $"{Iris}@{A}",
                    Candidate = new CandidateImage { Version = "1.2.9", Digest = B },
                },
                History = [Served(Iris, C), Served(Iris, D)],
            },
        };

        Assert.Equal(["0.9.0", "1.0.0", A, B, C, D, "~1.2.3"], Kept([model]));
    }

    [Fact]
    public void a_model_that_went_elsewhere_still_uses_what_its_pods_run()
    {
        var model = Model(new ModelImageSpec { Repository = "registry.test/other", Version = "1.x", Pin = "1.0.0" }) with
        {
            Status = new IrisModelStatus
            {
                Image = new ServedImage { Digest = A, Reference = $"{Iris}@{A}" },
                History = [Served("registry.test/other", B), Served(Iris, C)],
            },
        };

        Assert.Equal([A, C], Kept([model]));
    }

    [Fact]
    public void a_model_without_an_image_or_of_another_repository_keeps_nothing() =>
        Assert.Empty(Kept([Model(null), Model(new ModelImageSpec { Repository = "registry.test/iris2", Version = "1.x" })]));

    // The limit that docs/spec/iristraining.md names.
    [Fact]
    public void what_a_model_takes_from_a_mirror_with_another_name_is_not_kept() =>
        Assert.Empty(Kept([Model(null) with { Status = new IrisModelStatus { History = [Served("mirror.test/iris", A)] } }]));

    [Fact]
    public void what_is_no_version_is_passed_over_and_another_port_is_the_same_registry()
    {
        var image = new ModelImageSpec { Repository = "registry.test:443/iris", Version = "latest", Pin = "1.2.3" };

        Assert.Equal(["1.2.3"], Kept([Model(image, rollbackTo: "sha256:short")]));
    }

    [Fact]
    public void what_a_training_published_last_is_kept()
    {
        var training = new IrisTraining
        {
            Metadata = new() { Name = "iris" },
            Spec = new IrisTrainingSpec { Dataset = new DatasetSource { ClaimName = "d" } },
            Status = new IrisTrainingStatus
            {
                Runs =
                [
                    Run(1, RunState.Accepted, "1.0.0", D),
                    Run(2, RunState.Accepted, "1.0.1", E),
                    Run(3, RunState.Rejected, null, null),
                ],
            },
        };

        Assert.Equal(["1.0.1", E], ImagesInUse.Of(Iris, [], [training]));
    }

    private static IReadOnlyList<string> Kept(IEnumerable<IrisModel> models) => ImagesInUse.Of(Iris, models, []);

    private static IrisModel Model(ModelImageSpec? image, string? rollbackTo = null) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "m",
            Annotations = rollbackTo is null ? null : new Dictionary<string, string> { [Labels.RollbackTo] = rollbackTo },
        },
        Spec = new IrisModelSpec { Image = image },
    };

    private static ServedVersion Served(string repository, string digest) =>
        new() { Reference = $"{repository}@{digest}", Digest = digest };

    private static TrainingRun Run(int number, string state, string? version, string? digest) => new()
    {
        Number = number,
        JobName = "j",
        InputsHash = "h",
        State = state,
        Publication = new Publication { State = "Published", Repository = Iris, Version = version, Digest = digest },
    };

    private static string Digest(char digit) => $"sha256:{new string(digit, 64)}";
}
