using System.Runtime.InteropServices;

namespace IrisOperator.Testing;

/// <summary>For tests that train: without the libraries they fail in CI and are skipped elsewhere, both with what to install.</summary>
public static class NativeLibraries
{
    private static readonly (string Library, string Package)[] Needed = [("libxgboost.so.0", "libxgboost0"), ("libsvm.so.3", "libsvm3")];

    public static void Require()
    {
        var missing = Needed.Where(n => !NativeLibrary.TryLoad(n.Library, out _)).Select(n => n.Package).ToArray();
        if (missing.Length == 0)
        {
            return;
        }
        var message = $"the native libraries are missing: apt-get install {string.Join(' ', missing)}";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(message);
        }
        Assert.Skip(message);
    }
}
