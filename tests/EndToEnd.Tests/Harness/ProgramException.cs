namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>A program that had to succeed did not.</summary>
public sealed class ProgramException(string command, ProgramResult result)
    : InvalidOperationException($"{command} ended with {result.ExitCode}: {result.Text}")
{
    public ProgramResult Result { get; } = result;
}
