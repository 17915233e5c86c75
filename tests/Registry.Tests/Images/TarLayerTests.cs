using System.Formats.Tar;
using IrisOperator.Registry.Images;

namespace IrisOperator.Registry.Tests.Images;

public sealed class TarLayerTests
{
    private static readonly LayerFile[] _files =
    [
        new("model/model.json", "{}"u8.ToArray()),
        new("model/empty", ReadOnlyMemory<byte>.Empty),
        new("a/run", "#!/bin/sh\n"u8.ToArray()),
        new("model/block", new byte[512]),
        new($"model/{new string('f', 94)}", "as long as can be"u8.ToArray()),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // If this fails, every image that was ever published would get another digest: do not change it, change the code back.
    [Fact]
    public void the_same_files_are_the_same_bytes_for_ever()
    {
        var layer = TarLayer.Create(_files);

        Assert.Equal("sha256:7be948fcc806fc460debd5186ffb2fef95045ffa81d49f0aee86c81b04315977", layer.Descriptor.Digest.ToString());
        Assert.Equal(MediaTypes.TarLayer, layer.Descriptor.MediaType);
        Assert.Equal(layer.Descriptor, TarLayer.Create(_files.Reverse()).Descriptor);
    }

    [Fact]
    public async Task another_reader_finds_every_file_as_it_was_given()
    {
        var layer = TarLayer.Create(_files);
        using var bytes = new MemoryStream();
        await layer.Open().CopyToAsync(bytes, Stop);
        Assert.Equal(layer.Descriptor.Size, bytes.Length);
        Assert.Equal(0, bytes.Length % 512);
        bytes.Position = 0;

        var read = new List<string>();
        await using var tar = new TarReader(bytes);
        while (await tar.GetNextEntryAsync(copyData: true, Stop) is { } entry)
        {
            using var content = new MemoryStream();
            await (entry.DataStream ?? Stream.Null).CopyToAsync(content, Stop);
            Assert.Equal(_files.Single(one => one.Path == entry.Name).Content.ToArray(), content.ToArray());
            Assert.Equal(TarEntryType.RegularFile, entry.EntryType);
            Assert.Equal(0b100_100_100, (int)entry.Mode);
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
    [InlineData("model/Blüte")]
    public void paths_that_lead_elsewhere_or_need_another_format_are_refused(string path) =>
        Assert.Contains("cannot be a path", Refused(new LayerFile(path, default)), StringComparison.Ordinal);

    [Fact]
    public void a_path_that_ustar_has_no_room_for_is_refused() =>
        Assert.Contains("at most 100 characters", Refused(new LayerFile(new string('n', 101), default)), StringComparison.Ordinal);

    [Fact]
    public void a_path_is_one_file_and_no_folder()
    {
        Assert.Contains("twice", Refused(new LayerFile("a", default), new LayerFile("a", default)), StringComparison.Ordinal);
        Assert.Contains(
            "both", Refused(new LayerFile("a", default), new LayerFile("a-b", default), new LayerFile("a/b", default)),
            StringComparison.Ordinal);
    }

    private static string Refused(params LayerFile[] files) => Assert.Throws<ArgumentException>(() => TarLayer.Create(files)).Message;
}
