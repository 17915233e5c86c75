namespace IrisOperator.TrainerImage;

/// <summary>
/// Keeps a report within what the kubelet takes as a termination message; it would cut a longer one in the middle. Only the message
/// of a report has no bound of its own, so that is what is shortened.
/// </summary>
internal static class CompactText
{
    public const int MaxBytes = 4096;

    /// <summary>With the whole message, or the longest prefix that fits, in whole characters (a surrogate pair is one).</summary>
    public static byte[] Fit(string? message, Func<string?, byte[]> serialize)
    {
        var bytes = serialize(message);
        if (bytes.Length <= MaxBytes || message is null)
        {
            return bytes;
        }
        int[] ends = [0, .. message.EnumerateRunes().Select(r => r.Utf16SequenceLength)];
        for (var i = 1; i < ends.Length; i++)
        {
            ends[i] += ends[i - 1];
        }
        var (fits, tooLong) = (0, ends.Length - 1);
        while (tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            (fits, tooLong) = Serialize(ends[middle]).Length <= MaxBytes ? (middle, tooLong) : (fits, middle);
        }
        return Serialize(ends[fits]);

        byte[] Serialize(int length) => serialize(message[..length] + "…");
    }
}
