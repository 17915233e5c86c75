namespace IrisOperator.Testing;

/// <summary>Files of the work tree that tests read.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string IrisCsv => Path.Combine(Root, "config", "samples", "iris.csv");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IrisOperator.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run inside the work tree");
    }
}
