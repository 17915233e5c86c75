namespace IrisOperator.Training.Algorithms;

/// <summary>What a library answered, in the precision that it has: row after row, a probability per class or one number.</summary>
internal readonly struct NativeAnswers
{
    private readonly float[]? _singles;
    private readonly double[]? _doubles;

    private NativeAnswers(float[]? singles, double[]? doubles) => (_singles, _doubles) = (singles, doubles);

    public double this[int index] => _singles is null ? _doubles![index] : _singles[index];

    public static implicit operator NativeAnswers(float[] singles) => new(singles, null);

    public static implicit operator NativeAnswers(double[] doubles) => new(null, doubles);
}
