using IrisOperator.Training.Data;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage;

/// <summary>The options that say which rows are held out.</summary>
internal static class HoldoutCommandLine
{
    private static readonly Option _share = Value(
        StepOption.Holdout, "SHARE", "share of the rows that judge the model in place of folds, such as 0.2");
    private static readonly Option _column = Value(
        StepOption.HoldoutColumn, "COLUMN", "no feature: rows are held out where it says test, and learned from where it says train");
    private static readonly Option _order = Value(
        StepOption.HoldoutOrder, "COLUMN", "no feature, but numbers or dates: the rows that come last are held out, a share of --holdout");
    private static readonly Option _seed = Value(StepOption.Seed, "N", "same data, options and seed, same model.json (default: 42)");

    public static IReadOnlyList<Option> Options { get; } = [_share, _column, _order, _seed];

    public static TrainingOptions Read(GivenOptions given, TrainingOptions options) => options with
    {
        Holdout = given.Number(_share),
        Seed = given.WholeNumber(_seed) ?? options.Seed,
    };

    /// <exception cref="InputException">Two columns are to say which rows are held out.</exception>
    public static TableOptions Read(GivenOptions given, TableOptions table)
    {
        var marked = table with { HoldoutColumn = given.Single(_column), HoldoutOrder = given.Single(_order) };
        return marked is { HoldoutColumn: not null, HoldoutOrder: not null }
            ? throw GivenOptions.Wrong($"expected {_column.Name} or {_order.Name}, found both")
            : marked;
    }
}
