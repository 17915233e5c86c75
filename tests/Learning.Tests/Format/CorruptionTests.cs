using IrisOperator.Testing;

namespace IrisOperator.Learning.Tests.Format;

public sealed class CorruptionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CorruptionTests() => ModelFixtures.WriteIris(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.json")]
    [InlineData("manifest.json")]
    [InlineData("model.txt")]
    [InlineData("report.json")]
    public void truncation_at_every_percent_is_detected(string file)
    {
        var bytes = File.ReadAllBytes(_folder.Combine(file));
        for (var percent = 0; percent < 100; percent++)
        {
            File.WriteAllBytes(_folder.Combine(file), bytes[..(bytes.Length * percent / 100)]);

            var e = Assert.Throws<ModelFormatException>(() => ModelFolder.Read(_folder.Path));
            Assert.StartsWith($"{file}: ", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("model.json")]
    [InlineData("manifest.json")]
    [InlineData("model.txt")]
    [InlineData("report.json")]
    public void a_missing_file_is_named(string file)
    {
        File.Delete(_folder.Combine(file));

        var e = Assert.Throws<ModelFormatException>(() => ModelFolder.Read(_folder.Path));
        Assert.Equal($"{file}: no such file in {_folder.Path}", e.Message);
    }

    [Fact]
    public void every_single_bit_of_the_manifest_counts()
    {
        var bytes = File.ReadAllBytes(_folder.Combine("manifest.json"));
        var (detected, flipped) = (0, 0);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            flipped++;
            detected += Detected("manifest.json", bytes, bit) ? 1 : 0;
        }
        Assert.Equal(flipped, detected);
    }

    [Fact]
    public void a_thousand_random_bit_flips_are_detected_a_thousand_times()
    {
        var random = new Random(1);
        var files = new[] { "model.json", "manifest.json", "model.txt", "report.json" }
            .ToDictionary(f => f, f => File.ReadAllBytes(_folder.Combine(f)));
        var detected = 0;
        for (var i = 0; i < 1000; i++)
        {
            var at = random.Next(files.Values.Sum(b => b.Length));
            var file = "";
            foreach (var (name, bytes) in files)
            {
                if (at < bytes.Length)
                {
                    file = name;
                    break;
                }
                at -= bytes.Length;
            }
            detected += Detected(file, files[file], (at * 8) + random.Next(8)) ? 1 : 0;
        }
        Assert.Equal(1000, detected);
    }

    [Fact]
    public void a_manifest_cannot_point_outside_the_folder()
    {
        var manifest = File.ReadAllText(_folder.Combine("manifest.json"));
        foreach (var path in new[] { "../model.json", "/etc/passwd", "model-000000000000.json", "sub/model.json", "" })
        {
            File.WriteAllText(
                _folder.Combine("manifest.json"),
                manifest.Replace("\"model.json\":{", $"\"model.json\":{{\"path\":\"{path}\",", StringComparison.Ordinal));

            var e = Assert.Throws<ModelFormatException>(() => ModelFolder.Read(_folder.Path));
            Assert.StartsWith("manifest.json: files.model.json: path is not model-", e.Message, StringComparison.Ordinal);
        }
    }

    private bool Detected(string file, byte[] original, int bit)
    {
        var flipped = (byte[])original.Clone();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        File.WriteAllBytes(_folder.Combine(file), flipped);
        try
        {
            _ = ModelFolder.Read(_folder.Path);
            return false;
        }
        catch (ModelFormatException)
        {
            return true;
        }
        finally
        {
            File.WriteAllBytes(_folder.Combine(file), original);
        }
    }
}
