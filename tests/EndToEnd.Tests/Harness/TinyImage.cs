using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>An image of one program that is made here: no base, no shell, no builder. Pushed by the registry's own API.</summary>
public static class TinyImage
{
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>A program that does nothing and exits with 0: an ELF file of one segment with three instructions.</summary>
    public static byte[] ExitsWithZero { get; } = Elf(
    [
        0x31, 0xFF, // xor edi, edi
        0xB8, 60, 0, 0, 0, // mov eax, exit
        0x0F, 0x05, // syscall
    ]);

    /// <summary>A program that neither ends nor does anything: it is never ready.</summary>
    public static byte[] Sleeps { get; } = Elf(
    [
        0xB8, 34, 0, 0, 0, // mov eax, pause
        0x0F, 0x05, // syscall
        0xEB, 0xF7, // jmp back
    ]);

    /// <returns>The repository, without the tag.</returns>
    public static async Task<string> PushAsync(string registry, string name, string tag, byte[] program)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://{registry}/v2/{name}/"),
        };
        var tar = Tar(program);
        var layer = Gzip(tar);
        var config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/program"]},"rootfs":"""
            + $$$"""{"type":"layers","diff_ids":["{{{Digest(tar)}}}"]}}""");
        await UploadAsync(http, layer);
        await UploadAsync(http, config);

        var manifest = $$$"""
            {"schemaVersion":2,"mediaType":"{{{ManifestType}}}",
             "config":{"mediaType":"{{{ConfigType}}}","digest":"{{{Digest(config)}}}","size":{{{config.Length}}}},
             "layers":[{"mediaType":"{{{LayerType}}}","digest":"{{{Digest(layer)}}}","size":{{{layer.Length}}}}]}
            """;
        using var content = new StringContent(manifest, Encoding.UTF8, new MediaTypeHeaderValue(ManifestType));
        using var response = await http.PutAsync(
            new Uri($"manifests/{tag}", UriKind.Relative), content, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return $"{registry}/{name}";
    }

    private static async Task UploadAsync(HttpClient http, byte[] blob)
    {
        using var started = await http.PostAsync(new Uri("blobs/uploads/", UriKind.Relative), null, TestContext.Current.CancellationToken);
        started.EnsureSuccessStatusCode();
        var location = new Uri(http.BaseAddress!, started.Headers.Location!).ToString();
        using var content = new ByteArrayContent(blob);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var target = new Uri($"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Digest(blob)}");
        using var response = await http.PutAsync(target, content, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static byte[] Tar(byte[] program)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "program")
            {
                DataStream = new MemoryStream(program),
                Mode = (UnixFileMode)0b111_101_101,
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }

        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] data)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(data);
        }

        return bytes.ToArray();
    }

    private static string Digest(byte[] data) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(data));

    // The ELF header (64 bytes), one program header (56 bytes) that loads the whole file at 4 MiB, and the code (elf(5)).
    private static byte[] Elf(byte[] code)
    {
        const ulong address = 0x400000;
        const int headers = 64 + 56;
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write((ushort)2);            // executable
        writer.Write((ushort)62);           // x86-64
        writer.Write(1u);
        writer.Write(address + headers);    // where it starts
        writer.Write(64ul);                 // program headers
        writer.Write(0ul);
        writer.Write(0u);
        writer.Write((ushort)64);
        writer.Write((ushort)56);
        writer.Write((ushort)1);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write(1u);                   // load
        writer.Write(5u);                   // read, execute
        writer.Write(0ul);
        writer.Write(address);
        writer.Write(address);
        writer.Write((ulong)(headers + code.Length));
        writer.Write((ulong)(headers + code.Length));
        writer.Write(0x1000ul);
        writer.Write(code);
        return bytes.ToArray();
    }
}
