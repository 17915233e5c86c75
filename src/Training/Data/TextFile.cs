using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace IrisOperator.Training.Data;

/// <summary>A file as text: unpacked if it is gzip, in the encoding that was set or recognised, without a byte order mark.</summary>
/// <param name="open">Called for each pass over the file.</param>
internal sealed class TextFile(string name, Func<Stream> open, TableOptions options)
{
    private const int HeadBytes = 16 * 1024;

    private readonly Encoding? _named = options.Encoding is { } encoding ? Encodings.Named(encoding) : null;
    private Encoding? _encoding;

    public string Name => name;

    /// <summary>The encoding where it was recognised and is not UTF-8; known after the first pass.</summary>
    public string? Told => _named is null && _encoding is { } encoding && encoding != Encodings.Utf8 ? encoding.WebName : null;

    /// <exception cref="InputException">The file is empty, or no text.</exception>
    public TextPass Open()
    {
        var raw = open();
        try
        {
            var pass = new TextPass(name, raw);
            _encoding ??= Recognise(pass.Bytes.Head(HeadBytes));
            pass.Decode(_encoding);
            return pass;
        }
        catch
        {
            raw.Dispose();
            throw;
        }
    }

    /// <summary>After <see cref="DecoderFallbackException"/>: afterwards another encoding is recognised.</summary>
    /// <exception cref="InputException">None fits.</exception>
    public void TakeOtherEncoding()
    {
        if (_encoding != Encodings.Utf8 || _named is not null)
        {
            throw Wrong($"not all of it is {_encoding!.WebName} text; set the encoding that it has");
        }
        using var pass = new TextPass(name, open());
        _encoding = Encodings.InsteadOfUtf8(pass.Bytes, out var line)
            ?? throw InputException.OfDataset($"{name} line {line}: not UTF-8 text, nor windows-1252; set the encoding that it has");
    }

    private Encoding Recognise(ReadOnlySpan<byte> head)
    {
        if (ForeignFormats.Describe(head) is { } format)
        {
            throw Wrong(format);
        }
        if (Encodings.OfMark(head) is { } marked)
        {
            // A name of UTF-16 or UTF-32 may leave the order of the bytes open.
            return _named is null || marked.WebName[..5] == _named.WebName[..Math.Min(5, _named.WebName.Length)] ? marked
                : throw Wrong($"starts with the byte order mark of {marked.WebName}, and the encoding is set to {_named.WebName}");
        }
        if (_named is not null)
        {
            return _named;
        }
        return Encodings.Utf16ByZeros(head) ?? (head.Contains((byte)0)
            ? throw Wrong("holds bytes of zero, as no text does; export it as CSV, or set the encoding that it has")
            : Encodings.Utf8);
    }

    private InputException Wrong(string what) => InputException.OfDataset($"{name}: {what}");
}

/// <summary>One reading of a file, from its start on.</summary>
internal sealed class TextPass : IDisposable
{
    private const string StrictValidation = "System.IO.Compression.UseStrictValidation";

    private readonly Stream _raw;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public TextPass(string name, Stream raw)
    {
        _raw = raw;
        var summed = new ReplayedStream(new SummedStream(raw, _hash));
        Bytes = summed.Head(2) is [0x1F, 0x8B]
            ? new ReplayedStream(new UnpackedStream(name, Unpack(summed)))
            : summed;
        Text = TextReader.Null;
    }

    public TextReader Text { get; private set; }

    /// <summary>Unpacked.</summary>
    public ReplayedStream Bytes { get; }

    public void Decode(Encoding encoding) =>
        Text = new StreamReader(Bytes, encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024);

    /// <summary>"sha256:" and the sum of all bytes of the file as it lies there.</summary>
    public string Sum()
    {
        // What follows the last record, or the end of what is packed.
        var rest = new byte[4096];
        for (int read; (read = _raw.Read(rest)) > 0;)
        {
            _hash.AppendData(rest, 0, read);
        }
        return Digest.FromHash(_hash.GetHashAndReset()).ToString();
    }

    // Without it, what is cut off would end like what is whole.
    private static GZipStream Unpack(Stream packed) => AppContext.TryGetSwitch(StrictValidation, out var isStrict) && isStrict
        ? new GZipStream(packed, CompressionMode.Decompress)
        : throw new InvalidOperationException($"this program is built without {StrictValidation}");

    public void Dispose()
    {
        Text.Dispose();
        _raw.Dispose();
        _hash.Dispose();
    }
}
