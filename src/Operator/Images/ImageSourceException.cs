namespace IrisOperator.Operator.Images;

/// <summary>A registry could not be asked.</summary>
/// <param name="problem">For conditions.</param>
/// <param name="retryAfter">How long the registry wants to be left alone; null when it did not say.</param>
/// <param name="cause">What was thrown.</param>
public sealed class ImageSourceException(ImageProblem problem, TimeSpan? retryAfter = null, Exception? cause = null)
    : Exception(problem.Message, cause)
{
    public ImageProblem Problem { get; } = problem;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
