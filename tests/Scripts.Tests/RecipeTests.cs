using System.Globalization;
using System.Text.RegularExpressions;
using IrisOperator.Testing;

namespace IrisOperator.Scripts.Tests;

/// <summary>
/// The recipe of the local cluster's binaries, which a machine that has them skips. All of it is real here but for the compiler,
/// which takes minutes (compiler.bash).
/// </summary>
public sealed partial class RecipeTests : IDisposable
{
    private static readonly string[] _binaries =
        ["etcd", "containerd", "containerd-shim-runc-v2", "ctr", "runc", "docker-registry", "cni/ptp", "kubectl", "helm", "kube-apiserver",
         "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "sample-controller/sample-controller", "pause"];

    private readonly TempFolder _folder = new();

    public RecipeTests() => Assert.SkipUnless(
        File.ReadLines("/etc/os-release").Contains("VERSION_CODENAME=bookworm"), "the recipe is for Debian 12");

    [Fact]
    public async Task two_clones_on_an_empty_cache_both_end_well_having_called_every_function_once()
    {
        var trace = _folder.Combine("trace");

        var folders = await Task.WhenAll(BuildAsync(("TRACE", trace)), BuildAsync(("TRACE", trace)));

        Assert.Equal(folders[0], folders[1]);
        Assert.Single(await File.ReadAllLinesAsync(_folder.Combine("builds"), TestContext.Current.CancellationToken));
        AssertWhole(folders[0]);
        // The image that holds a pod's namespaces is the one program that is really compiled.
        Assert.StartsWith("ended by 143", await Script.BashAsync($"{folders[0]}/pause & kill -TERM $!; wait $! || echo ended by $?"));

        var called = Called().Matches(await File.ReadAllTextAsync(trace, TestContext.Current.CancellationToken))
            .Select(match => match.Groups[1].Value).ToHashSet();
        var recipe = Directory.EnumerateFiles(Path.Combine(Repository.Root, "hack/cluster/kubernetes"))
            .SelectMany(file => Function().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(recipe);
        Assert.Equal(["build_failed"], recipe.Where(function => !called.Contains(function)));
    }

    /// <summary>KILLS sets how often; a tenth of the full number by default.</summary>
    [Fact]
    public async Task a_build_that_is_killed_at_any_moment_leaves_nothing_half_made_and_the_next_ends_well()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("KILLS") ?? "2", CultureInfo.InvariantCulture);
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < kills; i++)
        {
            using var script = Script.Start(["hack/cluster/assets"], Pretending());
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 20), TimeProvider.System, TestContext.Current.CancellationToken);
            await script.SignalAsync(i % 2 == 0 ? "KILL" : "TERM");
            var folders = Kept();
            // It may have been complete already.
            Assert.True(folders.Length <= 1, string.Join(' ', folders));
            foreach (var folder in folders)
            {
                AssertWhole(folder);
                Directory.Delete(folder, recursive: true);
            }
        }

        AssertWhole(await BuildAsync());
        Assert.Single(Directory.EnumerateDirectories(_folder.Combine("iris-operator", "kubernetes")));
    }

    [Fact]
    public async Task any_byte_of_the_recipe_makes_another_folder_and_no_byte_elsewhere_does()
    {
        await Script.BashAsync($"cp -r hack {_folder.Path}");
        var before = await KeyAsync();
        string[] recipe =
        [
            .. Directory.EnumerateFiles(_folder.Combine("hack", "cluster", "kubernetes")),
            _folder.Combine("hack", "lib", "debs.sh"),
        ];

        foreach (var file in Directory.EnumerateFiles(_folder.Combine("hack"), "*", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            await File.AppendAllTextAsync(file, "#\n", TestContext.Current.CancellationToken);
            if (recipe.Contains(file))
            {
                Assert.NotEqual(before, await KeyAsync());
            }
            else if (file.EndsWith(".sh", StringComparison.Ordinal))
            {
                Assert.Equal(before, await KeyAsync());
            }

            await File.WriteAllBytesAsync(file, text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, await KeyAsync());
    }

    public void Dispose() => _folder.Dispose();

    private Task<string> KeyAsync() => Script.BashAsync($". {_folder.Path}/hack/cluster/lib.sh; echo $ASSETS_DIR");

    private Task<string> BuildAsync(params (string, string?)[] environment) =>
        Script.RunAsync(["hack/cluster/assets"], [.. Pretending(), .. environment]);

    private (string, string?)[] Pretending() =>
    [
        ("CLUSTER", "debian"), ("XDG_CACHE_HOME", _folder.Path), ("BUILDS", _folder.Combine("builds")), ("KUBERNETES_ASSETS", null),
        ("BASH_ENV", Path.Combine(Repository.Root, "tests/Scripts.Tests/compiler.bash")),
    ];

    private string[] Kept()
    {
        var folder = _folder.Combine("iris-operator", "kubernetes");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateDirectories(folder).Where(name => !name.EndsWith(".making", StringComparison.Ordinal))]
            : [];
    }

    private static void AssertWhole(string folder) =>
        Assert.All(_binaries, name => Assert.True(File.Exists(Path.Combine(folder, name)), $"{folder} lacks {name}"));

    [GeneratedRegex(@"^\++(\w+) ", RegexOptions.Multiline)]
    private static partial Regex Called();

    [GeneratedRegex(@"^(\w+)\(\) \{", RegexOptions.Multiline)]
    private static partial Regex Function();
}
