namespace IrisOperator.Training.Data;

/// <summary>
/// The numbers of one column in a block of rows, without loss. Numbers that were written with a few decimal places are whole numbers of
/// 32 bits over a power of ten (as in A. Afroozeh, L. Kuffo and P. Boncz, "ALP: Adaptive Lossless floating-Point Compression", 2023): a
/// correctly rounded quotient is the very number that reading the text gave.
/// </summary>
internal readonly struct PackedColumn
{
    private const int Missing = int.MinValue;

    private static readonly double[] _powers = [.. Enumerable.Range(0, 10).Select(exponent => Math.Pow(10, exponent))];

    private readonly int[]? _numerators;
    private readonly double[]? _numbers;
    private readonly double _divisor;

    private PackedColumn(int[]? numerators, double divisor, double[]? numbers) =>
        (_numerators, _divisor, _numbers) = (numerators, divisor, numbers);

    public double this[int row] => _numerators is null ? _numbers![row]
        : _numerators[row] == Missing ? double.NaN : _numerators[row] / _divisor;

    /// <param name="rows">Row after row.</param>
    public static PackedColumn Of(ReadOnlySpan<double> rows, int columns, int column)
    {
        var exponent = 0;
        for (var cell = column; cell < rows.Length && exponent < _powers.Length; cell += columns)
        {
            while (exponent < _powers.Length && !IsWhole(rows[cell], _powers[exponent], out _))
            {
                exponent++;
            }
        }
        return exponent < _powers.Length && Numerators(rows, columns, column, _powers[exponent]) is { } numerators
            ? new PackedColumn(numerators, _powers[exponent], null)
            : new PackedColumn(null, 1, Numbers(rows, columns, column));
    }

    private static int[]? Numerators(ReadOnlySpan<double> rows, int columns, int column, double power)
    {
        var numerators = new int[rows.Length / columns];
        for (var row = 0; row < numerators.Length; row++)
        {
            if (!IsWhole(rows[(row * columns) + column], power, out numerators[row]))
            {
                return null;
            }
        }
        return numerators;
    }

    private static double[] Numbers(ReadOnlySpan<double> rows, int columns, int column)
    {
        var numbers = new double[rows.Length / columns];
        for (var row = 0; row < numbers.Length; row++)
        {
            numbers[row] = rows[(row * columns) + column];
        }
        return numbers;
    }

    /// <summary>Whether the quotient is the number again, bit for bit: a negative zero is none.</summary>
    private static bool IsWhole(double number, double power, out int numerator)
    {
        if (double.IsNaN(number))
        {
            numerator = Missing;
            return true;
        }
        var product = Math.Round(number * power);
        numerator = Math.Abs(product) < int.MaxValue ? (int)product : 0;
        return BitConverter.DoubleToInt64Bits(numerator / power) == BitConverter.DoubleToInt64Bits(number);
    }
}
