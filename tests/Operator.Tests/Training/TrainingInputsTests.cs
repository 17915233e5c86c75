using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests.Training;

/// <summary>What starts another run, and what does not.</summary>
public sealed class TrainingInputsTests
{
    private static readonly PublishSpec Publish = new() { Repository = "registry.test/iris", Version = "1.0" };

    [Fact]
    public void what_is_done_after_a_run_starts_no_run() =>
        Assert.Equal(Hash(Publish), Hash(Publish with { Rebase = true, Retain = 3, RetainDryRun = true }));

    [Fact]
    public void where_a_model_goes_and_with_which_credentials_starts_no_run()
    {
        var publishes = new[] { null, Publish, Publish with { Version = "2.0" }, Publish with { SecretName = "other" } };

        Assert.Single(publishes.Select(Hash).Distinct());
    }

    private static string Hash(PublishSpec? publish) => TrainingInputs.Hash(new IrisTraining
    {
        Metadata = new() { Name = "iris" },
        Spec = new IrisTrainingSpec { Dataset = new DatasetSource { ClaimName = "d" }, Publish = publish },
    });
}
