namespace IrisOperator.ServingImage.Metrics;

/// <summary>
/// A row of counters, each kept once per processor on cache lines of its own, so that processors do not contend.
/// </summary>
/// <remarks>
/// Guarantees: no increment is lost, and a sum never goes down. Caveats: sums of one row may be of slightly different moments.
/// </remarks>
internal sealed class StripedCounters
{
    private const int LongsPerLine = 8;
    private const int MaxStripes = 16;

    private readonly long[] _cells;
    private readonly int _stride;
    private readonly int _mask;

    public StripedCounters(int count)
    {
        Count = count;
        // A line of padding between stripes keeps neighbours apart wherever the array starts.
        _stride = (((count + LongsPerLine - 1) / LongsPerLine) + 1) * LongsPerLine;
        var stripes = 1;
        while (stripes < Environment.ProcessorCount && stripes < MaxStripes)
        {
            stripes *= 2;
        }
        _mask = stripes - 1;
        _cells = new long[stripes * _stride];
    }

    public int Count { get; }

    public void Increment(int index) => Add(index, 1);

    public void Add(int index, long amount)
    {
        var stripe = Thread.GetCurrentProcessorId() & _mask;
        Interlocked.Add(ref _cells[(stripe * _stride) + index], amount);
    }

    public long Sum(int index)
    {
        var sum = 0L;
        for (var cell = index; cell < _cells.Length; cell += _stride)
        {
            sum += Interlocked.Read(ref _cells[cell]);
        }
        return sum;
    }
}
