namespace IrisOperator.Learning.Onnx;

/// <summary>What the numbers and texts of one file may cost in memory: a number of one byte in the file takes eight.</summary>
internal sealed class OnnxBudget
{
    /// <summary>More than any file of the size that is read has honest use for. A text counts as eight numbers.</summary>
    private const int MaxEntries = 1 << 24;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private int _entries;

    /// <summary>The modes of a million nodes are five different texts, kept once.</summary>
    public string Text(OnnxMessage message)
    {
        Count(8);
        var text = message.Text();
        if (_texts.TryGetValue(text, out var same))
        {
            return same;
        }
        _texts.Add(text);
        return text;
    }

    /// <exception cref="FormatException">There are too many.</exception>
    public void Count(int entries)
    {
        _entries += entries;
        if (_entries > MaxEntries)
        {
            throw new FormatException($"more than {MaxEntries} numbers and names");
        }
    }
}
