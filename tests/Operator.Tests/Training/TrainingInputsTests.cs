using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests.Training;

/// <summary>What starts another run, and what does not.</summary>
public sealed class TrainingInputsTests
{
    private static readonly PublishSpec Publish = new() { Repository = "registry.test/iris", Version = "1.0" };

    private static readonly DatasetSource Table = new() { ClaimName = "d" };

    [Fact]
    public void what_is_done_after_a_run_starts_no_run() =>
        Assert.Equal(Hash(Publish), Hash(Publish with { Rebase = true, Retain = 3, RetainDryRun = true }));

    [Fact]
    public void where_a_model_goes_and_with_which_credentials_starts_no_run()
    {
        var publishes = new[] { null, Publish, Publish with { Version = "2.0" }, Publish with { SecretName = "other" } };

        Assert.Single(publishes.Select(Hash).Distinct());
    }

    [Fact]
    public void a_default_of_the_table_that_the_server_fills_in_starts_no_run() =>
        Assert.Equal(Hash(Table), Hash(Table with { Header = true, Missing = "Refuse" }));

    [Fact]
    public void another_way_to_read_the_table_starts_a_run()
    {
        DatasetSource[] tables =
        [
            Table, Table with { Features = ["a"] }, Table with { Exclude = ["a"] }, Table with { Categorical = ["a"] },
            Table with { Header = false, Columns = ["a"] }, Table with { Missing = "Impute" }, Table with { Delimiter = ";" },
            Table with { DecimalSign = "," }, Table with { Encoding = "utf-16" }, Table with { Target = "a" },
        ];

        Assert.Equal(tables.Length, tables.Select(table => Hash(table)).Distinct().Count());
    }

    private static string Hash(PublishSpec? publish) => Hash(Table, publish);

    private static string Hash(DatasetSource dataset, PublishSpec? publish = null) => TrainingInputs.Hash(new IrisTraining
    {
        Metadata = new() { Name = "iris" },
        Spec = new IrisTrainingSpec { Dataset = dataset, Publish = publish },
    });
}
