namespace IrisOperator.Training;

/// <summary>
/// The data, a parameter or an argument is wrong, and a second run would fail in the same way. The message fits on one
/// line and names the place: file, line, column and value, or the parameter.
/// </summary>
public sealed class InputException(InputProblem problem, string message) : Exception(message)
{
    public InputProblem Problem { get; } = problem;

    internal static InputException OfDataset(string message) => new(InputProblem.InvalidDataset, message);
}

/// <summary>What is wrong; the names are the reasons of the compact report.</summary>
public enum InputProblem
{
    InvalidDataset,
    InvalidParameter,
    InvalidArgument,
    InvalidModel,
}
