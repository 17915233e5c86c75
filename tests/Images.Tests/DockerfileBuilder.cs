using IrisOperator.Testing;

namespace IrisOperator.Images.Tests;

/// <summary>buildah with a store of its own, an image of this machine's .NET SDK, and the packages that are restored already.</summary>
public sealed class DockerfileBuilder : IDisposable
{
    private readonly TempFolder _folder = new();

    // Neither overlay mounts nor a container runtime: both need more than a build machine has to allow.
    private (string, string)[] Environment =>
    [
        ("CONTAINERS_STORAGE_CONF", _folder.Combine("storage.conf")),
        ("BUILDAH_ISOLATION", "chroot"),
        ("BUILDER", "buildah"),
        ("VERSION", BuiltImages.Version),
    ];

    public async Task<Image> BuildAsync(string name)
    {
        Tool.Require(("buildah", "buildah"), ("skopeo", "skopeo"), ("jq", "jq"), ("unshare", "util-linux"), ("chroot", "coreutils"));
        if (!File.Exists(_folder.Combine("storage.conf")))
        {
            await PrepareAsync();
        }
        var packages = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") ??
            Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await Tool.RunAsync("hack/images/dockerfiles",
        [
            "--build-arg", "SDK=localhost/builder:1", "--build-arg", "NATIVE=localhost/builder:1",
            "--build-arg", $"BASE=localhost/{BuiltImages.BaseOf(name)}:1", "--network", "none",
            "--secret", $"id=nuget,src={_folder.Combine("NuGet.Config")}", "--volume", $"{packages}:/packages:ro",
        ], [("ONLY", name), .. Environment]);
        await Tool.RunAsync("skopeo",
            [
                "--insecure-policy", "copy",
                $"containers-storage:localhost/{name}:{BuiltImages.Version}", $"oci:{_folder.Combine(name)}:built",
            ],
            Environment);
        return new Image(_folder.Combine(name));
    }

    public void Dispose() => _folder.Dispose();

    private async Task PrepareAsync()
    {
        var bases = (await Tool.RunAsync("hack/images/bases", [])).Trim();
        var builder = (await Tool.RunAsync("hack/images/builder", [])).Trim();
        await File.WriteAllTextAsync(_folder.Combine("NuGet.Config"), """
            <configuration>
              <packageSources><clear /></packageSources>
              <fallbackPackageFolders><add key="restored" value="/packages" /></fallbackPackageFolders>
            </configuration>
            """);
        await File.WriteAllTextAsync(_folder.Combine("storage.conf"), $"""
            [storage]
            driver = "vfs"
            graphroot = "{_folder.Combine("store")}"
            runroot = "{_folder.Combine("run")}"
            """);
        string[] names = ["native", "serving", "trainer"];
        foreach (var (layout, name) in names.Select(name => ($"{bases}/{name}", name)).Append((builder, "builder")))
        {
            await Tool.RunAsync("skopeo",
                ["--insecure-policy", "copy", $"oci:{layout}", $"containers-storage:localhost/{name}:1"], Environment);
        }
    }
}
