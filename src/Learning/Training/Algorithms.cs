namespace IrisOperator.Learning.Training;

/// <summary>The algorithms by name.</summary>
public static class Algorithms
{
    public static IReadOnlyList<Algorithm> All { get; } = [new XGBoostAlgorithm(), new SvmAlgorithm()];

    public static Algorithm Default => All[0];

    /// <exception cref="InputException">No such algorithm; lists those there are.</exception>
    public static Algorithm Find(string name)
    {
        return All.FirstOrDefault(a => a.Name == name) ?? throw new InputException(
            InputProblem.InvalidParameter, $"no algorithm \"{name}\"; there are {string.Join(", ", All.Select(a => a.Name))}");
    }
}
