using System.Security.Cryptography;
using System.Text;

namespace IrisOperator.TrainerImage;

/// <summary>Which program this is: the sum of its assemblies, the framework's included, for those compute too.</summary>
/// <remarks>
/// Told by hand: <c>cd FOLDER; LC_ALL=C sha256sum *.dll | sha256sum</c>. It holds no time, no path and no host, so one build is one
/// identity wherever it runs. Native libraries are told by their versions in report.json.
/// </remarks>
internal static class ProgramIdentity
{
    /// <exception cref="IOException">A file of the program cannot be read.</exception>
    public static string Digest() => Digest(AppContext.BaseDirectory);

    internal static string Digest(string folder)
    {
        var lines = new StringBuilder();
        foreach (var path in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            lines.Append(Convert.ToHexStringLower(SHA256.HashData(file))).Append("  ").Append(Path.GetFileName(path)).Append('\n');
        }
        return Common.Digest.Of(Encoding.UTF8.GetBytes(lines.ToString())).ToString();
    }
}
