using System.Buffers.Binary;
using System.Text;

namespace IrisOperator.Images.Tests;

/// <summary>The libraries that a 64-bit little-endian ELF file names in its dynamic section (DT_NEEDED), elf(5).</summary>
internal static class Elf
{
    private const int DynamicSection = 6;

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith("\u007fELF\u0002\u0001"u8);

    public static IReadOnlyList<string> Needed(ReadOnlySpan<byte> file)
    {
        var names = new List<string>();
        var sections = (int)BinaryPrimitives.ReadInt64LittleEndian(file[0x28..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3A..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3C..]);
        for (var i = 0; i < count; i++)
        {
            var header = file.Slice(sections + (i * size), size);
            if (BinaryPrimitives.ReadInt32LittleEndian(header[4..]) != DynamicSection)
            {
                continue;
            }
            var strings = file.Slice(sections + (BinaryPrimitives.ReadInt32LittleEndian(header[0x28..]) * size), size);
            var texts = (int)BinaryPrimitives.ReadInt64LittleEndian(strings[0x18..]);
            var entries = file.Slice(
                (int)BinaryPrimitives.ReadInt64LittleEndian(header[0x18..]), (int)BinaryPrimitives.ReadInt64LittleEndian(header[0x20..]));
            for (; entries.Length >= 16; entries = entries[16..])
            {
                if (BinaryPrimitives.ReadInt64LittleEndian(entries) == 1)
                {
                    var text = file[(texts + (int)BinaryPrimitives.ReadInt64LittleEndian(entries[8..]))..];
                    names.Add(Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]));
                }
            }
        }
        return names;
    }
}
