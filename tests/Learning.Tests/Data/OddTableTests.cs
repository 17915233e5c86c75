using System.Globalization;
using System.IO.Compression;
using System.Text;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Data;

/// <summary>Tables that are damaged or odd in two ways each: read, or refused with a place and a cause, and never anything else.</summary>
public sealed class OddTableTests(ITestOutputHelper output)
{
    private const int Tables = 300;

    /// <summary>What is done to the text of a good table.</summary>
    private static readonly Func<string, Random, string>[] _ofText =
    [
        (text, _) => text,
        (text, random) => text[..random.Next(text.Length)],
        (text, random) => text.Insert(random.Next(text.Length), "\""),
        (text, random) => text.Insert(random.Next(text.Length), "\"x\""),
        (text, random) => Insert(text, random, ","),
        (text, random) => Insert(text, random, ";"),
        (text, random) => Insert(text, random, "\n"),
        (text, random) => Insert(text, random, "\r"),
        (text, random) => Insert(text, random, "\0"),
        (text, random) => Insert(text, random, "\u0007\u001B"),
        (text, random) => Insert(text, random, "\u200B\u00A0"),
        (text, random) => Insert(text, random, "\uFEFF"),
        (text, random) => Insert(text, random, "NaN"),
        (text, random) => Insert(text, random, "1e400"),
        (text, random) => Insert(text, random, new string('7', 70_000)),
        (text, random) => Insert(text, random, new string('x', 2_000_000)),
        (text, random) => Insert(text, random, string.Concat(Enumerable.Repeat(",1", 20_000))),
        (text, _) => text.Replace(',', ';'),
        (text, _) => text.Replace(',', '\t'),
        (text, _) => text.Replace(',', ' '),
        (text, _) => text.Replace(',', ';').Replace('.', ','),
        (text, _) => text.Replace("\n", "\r\r\n", StringComparison.Ordinal),
        (text, _) => text.Replace("\n", "\r", StringComparison.Ordinal),
        (text, _) => text.Replace("\n", "\n\n", StringComparison.Ordinal),
        (text, _) => text.Replace("\n", ",\n", StringComparison.Ordinal),
        (text, _) => text.Replace("q", "p", StringComparison.Ordinal),
        (text, _) => text.Replace("p", "", StringComparison.Ordinal),
        (text, _) => text.Replace("1", "", StringComparison.Ordinal),
        (text, _) => text[..(text.IndexOf('\n') + 1)],
        (text, _) => text[(text.IndexOf('\n') + 1)..],
        (text, _) => "sep=;\n" + text,
        (text, _) => "\n\n" + text,
        (text, _) => text + text,
        (_, _) => "",
        (_, random) => string.Concat(Enumerable.Range(0, 2000).Select(_ => (char)random.Next(1, 0xD800))),
        (_, random) => string.Concat(Enumerable.Range(0, 2000).Select(_ => "\",;\n\t 1a.\r-"[random.Next(11)])),
    ];

    /// <summary>How the text becomes bytes.</summary>
    private static readonly Func<string, Random, byte[]>[] _ofBytes =
    [
        (text, _) => Encoding.UTF8.GetBytes(text),
        (text, _) => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        (text, _) => [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        (text, _) => [0xFF, 0xFE, .. Encoding.UTF8.GetBytes(text)],
        (text, _) => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        (text, _) => Encoding.Unicode.GetBytes(text),
        (text, _) => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text), 0x41],
        (text, _) => Encoding.Latin1.GetBytes(text.Replace('p', '\u00E9')),
        (text, random) => Damaged(Encoding.UTF8.GetBytes(text), random),
        (text, _) => Packed(Encoding.UTF8.GetBytes(text)),
        (text, random) => Cut(Packed(Encoding.UTF8.GetBytes(text)), random),
        (text, random) => Damaged(Packed(Encoding.UTF8.GetBytes(text)), random),
    ];

    [Fact]
    public void every_odd_table_is_read_or_refused_in_words()
    {
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < Tables; seed++)
        {
            var outcome = OutcomeOf(seed);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        output.WriteLine(string.Join('\n', outcomes.Select(outcome => $"{outcome.Value} {outcome.Key}")));
        Assert.Equal(Tables, outcomes.Values.Sum());
        Assert.InRange(outcomes["read"], 10, Tables / 2);
        Assert.True(outcomes.Count >= 10, $"{outcomes.Count} different outcomes");
    }

    private static string OutcomeOf(int seed)
    {
        var random = new Random(seed);

        // Each way comes first in some table, and a second one half of the time.
        var text = _ofText[seed % _ofText.Length](Good(random), random);
        text = random.Next(2) == 0 || text.Length == 0 ? text : _ofText[random.Next(_ofText.Length)](text, random);
        var bytes = _ofBytes[random.Next(2) == 0 ? 0 : random.Next(_ofBytes.Length)](text, random);
        var options = new TableOptions
        {
            Missing = (MissingValues)random.Next(4),
            Columns = random.Next(8) == 0 ? ["a", "b", "c", "y"] : [],
            Task = random.Next(8) == 0 ? TableTask.Regression : TableTask.Classification,
        };
        try
        {
            var dataset = DatasetReader.Read("t.csv", new MemoryStream(bytes), options);
            Assert.True(dataset.Rows.Count > 0);
            Assert.All(dataset.Rows.ToArray(), value => Assert.True(double.IsFinite(value) || options.Missing == MissingValues.Native));
            Assert.All(Enumerable.Range(0, dataset.Rows.Count), row => Assert.Equal(dataset.Features.Count, dataset.Decode(row).Length));
            return "read";
        }
        catch (InputException e)
        {
            Assert.Matches(@"^(t\.csv|the names given for t\.csv)( line \d+)?(, column "".*"")?: .", e.Message);
            Assert.DoesNotContain(e.Message, char.IsControl);
            Assert.InRange(e.Message.Length, 20, 4_000);
            return Cause(e.Message);
        }
    }

    private static string Good(Random random)
    {
        var text = new StringBuilder("a,b,c,y\n");
        for (var row = 0; row < 40; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{random.NextDouble():F3},{random.Next(-50, 50)},");
            text.Append(random.Next(2) == 0 ? "red," : "blue,").Append(row % 2 == 0 ? "p\n" : "q\n");
        }
        return text.ToString();
    }

    private static string Insert(string text, Random random, string what) => text.Insert(random.Next(text.Length), what);

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        for (var i = 0; i < 3 && bytes.Length > 0; i++)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }
        return bytes;
    }

    private static byte[] Cut(byte[] bytes, Random random) => bytes[..random.Next(3, bytes.Length)];

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return packed.ToArray();
    }

    /// <summary>The message without its place and its values.</summary>
    private static string Cause(string message)
    {
        var cause = message[(message.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        return string.Concat(cause.Split('"').Where((_, i) => i % 2 == 0)).Split(';', ',')[0].TrimEnd([.. "0123456789"]);
    }
}
