using System.Numerics;
using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Prediction;

/// <summary>The arithmetic of one kind of model. Inputs were checked by <see cref="Model"/>.</summary>
internal abstract class Predictor
{
    /// <summary>Whether a column may be NaN.</summary>
    public virtual bool TakesMissing => false;

    /// <summary>Null where there is none, for the reason that <see cref="Unexplained"/> names.</summary>
    public virtual IMarginExplainer? Explainer => null;

    /// <summary>Half a sentence.</summary>
    public virtual string Unexplained => "its answers are no sums of what features contribute";

    /// <param name="answers">Receives one probability per class, or the number that a regression answers.</param>
    public abstract void Predict(ReadOnlySpan<double> columns, Span<double> answers);

    /// <param name="rows">At least one, one after another, of as many columns.</param>
    /// <param name="answers">Receives the answer to each row.</param>
    public virtual void PredictRows(ReadOnlySpan<double> rows, int columns, Span<double> answers)
    {
        var width = answers.Length / (rows.Length / columns);
        for (; rows.Length > 0; rows = rows[columns..])
        {
            Predict(rows[..columns], answers[..width]);
            answers = answers[width..];
        }
    }
}

/// <summary>Splits the margins of a prediction into what each feature contributed.</summary>
internal interface IMarginExplainer
{
    public int Margins { get; }

    /// <summary>Steps of a row, each of a few nanoseconds.</summary>
    public long Steps { get; }

    /// <param name="columns">As the predictor takes them.</param>
    /// <param name="featureOf">Of each column, the index of its feature.</param>
    /// <param name="contributions">All zero at first. Receives for each margin the base value, then one number per feature.</param>
    public void Explain(ReadOnlySpan<double> columns, ReadOnlySpan<int> featureOf, Span<double> contributions);
}

/// <summary>From margins to answers, as a <see cref="LinkDocument"/> says.</summary>
internal sealed class Link(LinkDocument? document)
{
    private readonly bool _isSoftmax = document is null;
    private readonly double[]? _slopes = document?.Slopes;
    private readonly double[]? _offsets = document?.Offsets;

    public bool IsIdentity { get; } = document?.Kind == LinkDocument.Identity;

    /// <param name="margins">Finite numbers, but for the identity; overwritten.</param>
    public void Apply<T>(Span<T> margins, Span<double> answers)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (_isSoftmax)
        {
            Softmax(margins, answers);
        }
        else if (IsIdentity)
        {
            Identity(margins, answers);
        }
        else
        {
            Logistic(margins, answers);
        }
    }

    /// <summary>Probabilities are sums of rounded numbers, and may lie a little beyond 0 and 1.</summary>
    private static void Identity<T>(ReadOnlySpan<T> margins, Span<double> answers)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (answers.Length == 1)
        {
            answers[0] = double.CreateTruncating(margins[0]);
            return;
        }
        if (margins.Length == 1)
        {
            answers[1] = Math.Clamp(double.CreateTruncating(margins[0]), 0, 1);
            answers[0] = 1 - answers[1];
            return;
        }
        for (var i = 0; i < margins.Length; i++)
        {
            answers[i] = Math.Clamp(double.CreateTruncating(margins[i]), 0, 1);
        }
    }

    private static void Softmax<T>(Span<T> margins, Span<double> probabilities)
        where T : struct, IFloatingPointIeee754<T>
    {
        var largest = margins[0];
        foreach (var margin in margins)
        {
            largest = T.Max(largest, margin);
        }
        var sum = 0.0;
        for (var i = 0; i < margins.Length; i++)
        {
            margins[i] = T.Exp(margins[i] - largest);
            sum += double.CreateTruncating(margins[i]);
        }
        for (var i = 0; i < margins.Length; i++)
        {
            probabilities[i] = double.CreateTruncating(margins[i] / T.CreateTruncating(sum));
        }
    }

    private void Logistic<T>(ReadOnlySpan<T> margins, Span<double> probabilities)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (margins.Length < probabilities.Length)
        {
            probabilities[1] = Sigmoid(0, double.CreateTruncating(margins[0]));
            probabilities[0] = 1 - probabilities[1];
            return;
        }
        var sum = 0.0;
        for (var i = 0; i < margins.Length; i++)
        {
            probabilities[i] = Sigmoid(i, double.CreateTruncating(margins[i]));
            sum += probabilities[i];
        }
        for (var i = 0; i < margins.Length; i++)
        {
            // Where every class is as improbable as a double can say, none is more probable than another.
            probabilities[i] = sum > 0 ? probabilities[i] / sum : 1.0 / margins.Length;
        }
    }

    private double Sigmoid(int i, double margin)
    {
        var x = ((_slopes?[i] ?? 1) * margin) + (_offsets?[i] ?? 0);
        return 1 / (1 + Math.Exp(-x));
    }
}
