namespace IrisOperator.Training.Evaluation;

/// <summary>
/// PCG-XSH-RR with 64 bits of state and 32 bits of output (M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient
/// Statistically Good Algorithms for Random Number Generation", 2014), on the stream 54 of the reference program.
/// </summary>
/// <remarks>
/// System.Random promises no sequence from one version of .NET to the next; a model digest that can be made again needs one.
/// </remarks>
internal sealed class Pcg32
{
    private const ulong Multiplier = 6364136223846793005;
    private const ulong Increment = (54 << 1) | 1;

    private ulong _state;

    public Pcg32(ulong seed)
    {
        Next();
        _state += seed;
        Next();
    }

    public uint Next()
    {
        var old = _state;
        _state = unchecked((old * Multiplier) + Increment);
        var xorShifted = (uint)(((old >> 18) ^ old) >> 27);
        return uint.RotateRight(xorShifted, (int)(old >> 59));
    }

    /// <summary>Uniform from 0 to bound - 1: values from the incomplete last interval are drawn again.</summary>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var limit = (uint)bound;
        var threshold = unchecked(0u - limit) % limit;
        uint value;
        do
        {
            value = Next();
        }
        while (value < threshold);
        return (int)(value % limit);
    }

    /// <summary>Fisher and Yates, from the last element down.</summary>
    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
