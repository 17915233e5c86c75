using System.Globalization;
using System.Text;

namespace IrisOperator.Registry.Images;

/// <summary>
/// Headers of POSIX.1-2001 tar (ustar, and pax for what does not fit). Written by hand because the bytes must be the same for ever and
/// everywhere: System.Formats.Tar puts the process id into the names of its pax headers.
/// </summary>
internal static class TarHeader
{
    public const int BlockBytes = 512;
    private const long MaxUstarSize = 0x1_FFFF_FFFF; // eleven octal digits
    private const int NameBytes = 100;
    private const int PrefixBytes = 155;

    /// <summary>One block, or three and more where a pax header goes before it.</summary>
    public static byte[] For(LayerFile file)
    {
        var path = Encoding.UTF8.GetBytes(file.Path);
        var split = Ascii.IsValid(path) ? Split(path) : -1;
        if (split >= 0 && file.Length <= MaxUstarSize)
        {
            return Block(path.AsSpan(split == 0 ? 0 : split + 1), path.AsSpan(0, split), file.Length, file.IsExecutable, (byte)'0');
        }

        var records = new List<byte>();
        records.AddRange(Record("path", path));
        if (file.Length > MaxUstarSize)
        {
            records.AddRange(Record("size", Encoding.ASCII.GetBytes(file.Length.ToString(CultureInfo.InvariantCulture))));
        }

        // The name in a header after pax is for readers that do not know pax; ours is plain and short.
        var content = records.ToArray();
        return
        [
            .. Block("pax"u8, [], content.Length, false, (byte)'x'), .. content, .. new byte[Padding(content.Length)],
            .. Block("long"u8, [], Math.Min(file.Length, MaxUstarSize), file.IsExecutable, (byte)'0'),
        ];
    }

    /// <summary>Zeros after a content until the next block.</summary>
    public static int Padding(long length) => (int)((BlockBytes - (length % BlockBytes)) % BlockBytes);

    // Where the slash between prefix and name is; 0 without a prefix; -1 if it does not fit. The first slash that leaves a short name.
    private static int Split(ReadOnlySpan<byte> path)
    {
        if (path.Length <= NameBytes)
        {
            return 0;
        }

        for (var at = path.Length - NameBytes - 1; at <= PrefixBytes && at < path.Length - 1; at++)
        {
            if (path[at] == (byte)'/' && at > 0)
            {
                return at;
            }
        }

        return -1;
    }

    private static byte[] Block(ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix, long size, bool executable, byte type)
    {
        var block = new byte[BlockBytes];
        name.CopyTo(block);
        Octal(block.AsSpan(100, 8), executable ? 0b101_101_101 : 0b100_100_100);
        Octal(block.AsSpan(108, 8), 0);      // uid
        Octal(block.AsSpan(116, 8), 0);      // gid
        Octal(block.AsSpan(124, 12), size);
        Octal(block.AsSpan(136, 12), 0);     // mtime
        block[156] = type;
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        "00"u8.CopyTo(block.AsSpan(263));
        Octal(block.AsSpan(329, 8), 0);      // device
        Octal(block.AsSpan(337, 8), 0);
        prefix.CopyTo(block.AsSpan(345));

        // The sum of all bytes, with the sum's own field taken as spaces; six digits, a zero, a space.
        block.AsSpan(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var one in block)
        {
            sum += one;
        }

        Octal(block.AsSpan(148, 7), sum);
        return block;
    }

    private static void Octal(Span<byte> field, long value)
    {
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }

        field[^1] = 0;
    }

    // "<length> key=value\n", where the length counts its own digits.
    private static byte[] Record(string key, byte[] value)
    {
        var rest = key.Length + value.Length + 3;
        var length = rest + Digits(rest + Digits(rest));
        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} {key}=")), .. value, (byte)'\n'];
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
