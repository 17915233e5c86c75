using System.Reflection;
using IrisOperator.Generator;

// Run by hack/generate: generator <root of the work tree> [--check]
if (args is not [_] and not [_, "--check"])
{
    await Console.Error.WriteLineAsync("usage: hack/generate [--check]");
    return 2;
}

var tree = new GeneratedTree(args[0], Manifests.Build(Assembly.Load("iris-operator")));
if (args.Length == 1)
{
    foreach (var change in tree.Write())
    {
        Console.WriteLine(change);
    }

    return 0;
}

var drift = tree.FindDrift();
foreach (var difference in drift)
{
    await Console.Error.WriteLineAsync(difference);
}

return drift.Count == 0 ? 0 : 1;
