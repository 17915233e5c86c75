namespace IrisOperator.Operator.Children;

/// <summary>What is wrong with one field of a custom resource.</summary>
/// <param name="Path">As in <c>kubectl explain</c>, such as spec.dataset.path.</param>
/// <param name="Problem">Reads on after the path and a colon.</param>
public sealed record FieldError(string Path, string Problem)
{
    public override string ToString() => $"{Path}: {Problem}";
}
