using IrisOperator.Training.Data;

namespace IrisOperator.Training.Evaluation;

/// <summary>The rows of a table that judge a model which another program trained.</summary>
public static class JudgingRows
{
    /// <summary>Rows that are held out; all, where none are.</summary>
    /// <exception cref="InputException">The options do not fit the table, or each other.</exception>
    public static Dataset Of(Dataset dataset, TrainingOptions options)
    {
        if (dataset.Marks is null && options.Holdout is null)
        {
            return dataset with
            {
                Assumptions = [.. dataset.Assumptions, "all rows judge it, and it may have learned from them: nothing is held out"],
            };
        }
        return dataset with { Rows = dataset.Rows.Take(RowSplit.Of(dataset, options).RowsIn(0)), Marks = null };
    }
}
