using System.Globalization;
using System.Text;

namespace IrisOperator.Training.Data;

/// <summary>Which encoding a text has. Each throws <see cref="DecoderFallbackException"/> on bytes that it does not know.</summary>
internal static class Encodings
{
    public static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly (byte[] Mark, Encoding Encoding)[] _marks =
    [
        ([0xFF, 0xFE, 0, 0], new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true)),
        ([0, 0, 0xFE, 0xFF], new UTF32Encoding(bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true)),
        ([0xEF, 0xBB, 0xBF], Utf8),
        ([0xFF, 0xFE], Utf16(isBigEndian: false)),
        ([0xFE, 0xFF], Utf16(isBigEndian: true)),
    ];

    /// <exception cref="InputException">There is none of that name.</exception>
    public static Encoding Named(string name)
    {
        try
        {
            var (encoderFallback, decoderFallback) = (EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            var provider = CodePagesEncodingProvider.Instance;
            var isPage = name.StartsWith("cp", StringComparison.OrdinalIgnoreCase);
            return isPage && int.TryParse(name.AsSpan(2), CultureInfo.InvariantCulture, out var page)
                ? provider.GetEncoding(page, encoderFallback, decoderFallback) ?? throw new ArgumentException(null, nameof(name))
                : provider.GetEncoding(name, encoderFallback, decoderFallback)
                    ?? Encoding.GetEncoding(
                        name.Equals("utf8", StringComparison.OrdinalIgnoreCase) ? "utf-8" : name, encoderFallback, decoderFallback);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new InputException(
                InputProblem.InvalidArgument,
                $"encoding: no encoding {Values.Show(name)}; known are utf-8, utf-16, windows-1252, iso-8859-15 and others");
        }
    }

    /// <summary>By the byte order mark; null if there is none.</summary>
    public static Encoding? OfMark(ReadOnlySpan<byte> head)
    {
        foreach (var (mark, encoding) in _marks)
        {
            if (head.StartsWith(mark))
            {
                return encoding;
            }
        }
        return null;
    }

    /// <summary>UTF-16 without a mark has a zero in every second byte where it holds digits and delimiters; else null.</summary>
    public static Encoding? Utf16ByZeros(ReadOnlySpan<byte> head)
    {
        Span<int> zeros = [0, 0];
        for (var i = 0; i < head.Length; i++)
        {
            zeros[i & 1] += head[i] == 0 ? 1 : 0;
        }
        var most = head.Length / 4;
        return head.Length < 4 ? null
            : zeros[1] > most && zeros[0] <= zeros[1] / 10 ? Utf16(isBigEndian: false)
            : zeros[0] > most && zeros[1] <= zeros[0] / 10 ? Utf16(isBigEndian: true)
            : null;
    }

    /// <summary>
    /// Decides about a text that is not UTF-8: windows-1252 if each byte stands for a character there, and if the text is not for the most
    /// part UTF-8 with a damaged place.
    /// </summary>
    /// <param name="line">The first line that is not UTF-8.</param>
    public static Encoding? InsteadOfUtf8(Stream text, out int line)
    {
        // Without a character in windows-1252.
        ReadOnlySpan<byte> unused = [0x81, 0x8D, 0x8F, 0x90, 0x9D];
        var (good, bad, isUnused) = (0L, 0L, false);
        line = 1;
        var buffer = new byte[64 * 1024];
        var kept = 0;
        for (int read; (read = text.Read(buffer, kept, buffer.Length - kept)) > 0 || kept > 0;)
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, kept + read);
            while (rest.Length >= 4 || (read == 0 && rest.Length > 0))
            {
                var ascii = rest.IndexOfAnyExceptInRange((byte)0, (byte)127);
                var plain = rest[..(ascii < 0 ? rest.Length : ascii)];
                line += bad == 0 ? plain.Count((byte)'\n') : 0;
                rest = rest[plain.Length..];
                if (rest.Length < 4 && read > 0)
                {
                    break;
                }
                if (rest.IsEmpty)
                {
                    continue;
                }
                isUnused |= unused.Contains(rest[0]);
                var isGood = Rune.DecodeFromUtf8(rest, out _, out var length) == System.Buffers.OperationStatus.Done;
                (good, bad) = isGood ? (good + 1, bad) : (good, bad + 1);
                rest = rest[(isGood ? length : 1)..];
            }
            rest.CopyTo(buffer);
            kept = rest.Length;
        }
        return bad > good && !isUnused ? Named("windows-1252") : null;
    }

    private static UnicodeEncoding Utf16(bool isBigEndian) => new(isBigEndian, byteOrderMark: false, throwOnInvalidBytes: true);
}
