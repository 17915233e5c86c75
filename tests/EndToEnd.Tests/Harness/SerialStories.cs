namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>
/// Stories that run alone, after all others: they count requests that fail or writes that happen, or they harm the operator
/// that the others rely on.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SerialStories
{
    public const string Name = "serial";
}
