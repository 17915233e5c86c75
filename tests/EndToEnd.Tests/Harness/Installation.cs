using IrisOperator.Testing;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>The Helm release of the operator that the stories use.</summary>
public sealed class Installation(Cluster cluster)
{
    public const string Release = "iris";

    /// <summary>What was set when it was installed, as YAML.</summary>
    public async Task<string> ValuesAsync() =>
        (await HelmAsync("get", "values", Release)).Replace("USER-SUPPLIED VALUES:", "", StringComparison.Ordinal);

    /// <summary>Installs it, or changes it, and waits until one of its pods leads.</summary>
    /// <param name="values">All of them: none of those before stays.</param>
    /// <param name="more">Further ones, as <c>--set</c> takes them.</param>
    public async Task ApplyAsync(string values, params string[] more)
    {
        using var folder = new TempFolder();
        var file = folder.Combine("values.yaml");
        await File.WriteAllTextAsync(file, values, TestContext.Current.CancellationToken);
        await HelmAsync([
            "upgrade", "--install", Release, Path.Combine(Repository.Root, "charts", "iris-operator"),
            "--reset-values", "--values", file, .. more.SelectMany(value => new[] { "--set", value }), "--wait", "--timeout", "2m"]);
        await new Operator(cluster).WaitUntilWholeAsync();
    }

    /// <exception cref="ProgramException">The exit code is not 0.</exception>
    public async Task<string> HelmAsync(params string[] arguments)
    {
        var result = await Kubectl.TryAsync("helm", [.. arguments, "--namespace", cluster.OperatorNamespace]);
        return result.ExitCode == 0 ? result.Output : throw new ProgramException($"helm {string.Join(' ', arguments)}", result);
    }
}
