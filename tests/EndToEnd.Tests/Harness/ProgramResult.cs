namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>What a program left behind.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public string Text => Output + Error;
}
