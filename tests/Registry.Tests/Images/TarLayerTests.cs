using System.Formats.Tar;
using System.Text;
using IrisOperator.Registry.Images;

namespace IrisOperator.Registry.Tests.Images;

public sealed class TarLayerTests
{
    private static readonly LayerFile[] _files =
    [
        LayerFile.Of("model/model.json", "{}"u8.ToArray()),
        LayerFile.Of("model/empty", ReadOnlyMemory<byte>.Empty),
        LayerFile.Of("a/run", "#!/bin/sh\n"u8.ToArray()) with { IsExecutable = true },
        LayerFile.Of("model/block", new byte[512]),
        LayerFile.Of($"model/{new string('d', 90)}/{new string('f', 90)}", "long"u8.ToArray()),
        LayerFile.Of($"model/{new string('n', 150)}", "too long for ustar"u8.ToArray()),
        LayerFile.Of("model/Blüte", "not ASCII"u8.ToArray()),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // If this fails, every image that was ever published would get another digest: do not change it, change the code back.
    [Fact]
    public async Task the_same_files_are_the_same_bytes_for_ever()
    {
        var layer = await TarLayer.CreateAsync(_files, Stop);

        Assert.Equal("sha256:c10bd83596546b89f58aa123119e1cd979e5fa8cc004aeb41d6313a185959b2f", layer.Descriptor.Digest.ToString());
        Assert.Equal(MediaTypes.TarLayer, layer.Descriptor.MediaType);
        Assert.Equal(layer.Descriptor, (await TarLayer.CreateAsync(_files.Reverse(), Stop)).Descriptor);
    }

    [Fact]
    public async Task another_reader_finds_every_file_as_it_was_given()
    {
        var layer = await TarLayer.CreateAsync(_files, Stop);
        using var bytes = new MemoryStream();
        await layer.Open().CopyToAsync(bytes, Stop);
        Assert.Equal(layer.Descriptor.Size, bytes.Length);
        Assert.Equal(0, bytes.Length % 512);
        bytes.Position = 0;

        var read = new List<string>();
        await using var tar = new TarReader(bytes);
        while (await tar.GetNextEntryAsync(copyData: true, Stop) is { } entry)
        {
            var file = _files.Single(one => one.Path == entry.Name);
            using var content = new StreamReader(entry.DataStream ?? Stream.Null);
            using var expected = new StreamReader(file.Open());
            Assert.Equal(await expected.ReadToEndAsync(Stop), await content.ReadToEndAsync(Stop));
            Assert.Equal(TarEntryType.RegularFile, entry.EntryType);
            Assert.Equal(file.IsExecutable ? 0b101_101_101 : 0b100_100_100, (int)entry.Mode);
            Assert.Equal((0, 0, DateTimeOffset.UnixEpoch), (entry.Uid, entry.Gid, entry.ModificationTime));
            read.Add(entry.Name);
        }

        Assert.Equal(_files.Select(file => file.Path).Order(StringComparer.Ordinal), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../etc/passwd")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a/.wh.b")]
    [InlineData(".wh..wh..opq")]
    public async Task paths_that_lead_elsewhere_are_refused(string path) =>
        Assert.Contains(
            "cannot be a path",
            (await Assert.ThrowsAsync<ArgumentException>(() => TarLayer.CreateAsync([LayerFile.Of(path, default)], Stop))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task a_path_is_one_file_and_no_folder()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => TarLayer.CreateAsync([LayerFile.Of("a", default), LayerFile.Of("a", default)], Stop));
        await Assert.ThrowsAsync<ArgumentException>(
            () => TarLayer.CreateAsync([LayerFile.Of("a", default), LayerFile.Of("a-b", default), LayerFile.Of("a/b", default)], Stop));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task a_file_that_changed_its_length_is_refused(long length) => await Assert.ThrowsAsync<InvalidDataException>(
        () => TarLayer.CreateAsync([new LayerFile("a", length, () => new MemoryStream("1234"u8.ToArray()))], Stop));

    [Fact]
    public async Task lengths_beyond_ustar_are_said_in_pax()
    {
        var header = TarHeader.For(new LayerFile("a", 9_000_000_000, () => Stream.Null));

        Assert.Equal(1536, header.Length);
        Assert.Contains("size=9000000000\n", Encoding.ASCII.GetString(header), StringComparison.Ordinal);
        await Task.CompletedTask;
    }
}
