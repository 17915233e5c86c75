using IrisOperator.Testing;

namespace IrisOperator.Images.Tests;

/// <summary>Runs a program in an unpacked image, with process and mount namespaces of its own and as the image's user.</summary>
internal static class Container
{
    public static async Task UnpackAsync(Image image, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var layer in image.Json(image.Digest).GetProperty("layers").EnumerateArray())
        {
            var blob = Path.Combine(image.Layout, "blobs", "sha256", layer.GetProperty("digest").GetString()!["sha256:".Length..]);
            await Tool.RunAsync("tar", ["-xzpf", blob, "-C", folder]);
        }
        Directory.CreateDirectory(Path.Combine(folder, "tmp", "in"));
        File.Copy(Repository.IrisCsv, Path.Combine(folder, "tmp", "in", "iris.csv"));
    }

    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(Image image, string folder, params string[] arguments)
    {
        var config = image.Config.GetProperty("config");
        var environment = config.GetProperty("Env").EnumerateArray().Select(variable => variable.GetString()!);
        var program = config.GetProperty("Entrypoint")[0].GetString()!;
        return Tool.TryAsync("unshare",
        [
            "--mount", "--pid", "--net", "--fork", $"--mount-proc={folder}/proc", "env", "-i", .. environment,
            "/usr/sbin/chroot", $"--userspec={config.GetProperty("User").GetString()}", folder, program, .. arguments,
        ]);
    }
}
