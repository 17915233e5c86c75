namespace IrisOperator.Learning;

/// <summary>What is wrong; the names are the reasons of the compact report.</summary>
public enum InputProblem
{
    InvalidDataset,
    InvalidParameter,
    InvalidArgument,
}
