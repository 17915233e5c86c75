namespace IrisOperator.Learning.Prediction;

/// <summary>The arithmetic of one kind of model. Inputs were checked by <see cref="Model"/>.</summary>
internal abstract class Predictor
{
    public abstract void PredictProbabilities(ReadOnlySpan<double> features, Span<double> probabilities);
}
