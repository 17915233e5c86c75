using System.Runtime.InteropServices;

// The dynamic linker alone decides where a library comes from; no probing beside the program.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace IrisOperator.Training.Native;

/// <summary>What .NET does not offer: the seed of rand() for LIBSVM, and fsync of a folder.</summary>
internal static partial class Libc
{
    public const int OpenReadOnly = 0;

    /// <summary>"Invalid argument" and "not supported": some network and FUSE file systems have no fsync for folders.</summary>
    public const int InvalidArgument = 22;
    public const int NotSupported = 95;

    private const string Library = "libc";

    [LibraryImport(Library)]
    public static partial void srand(uint seed);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int open(string path, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fsync(int descriptor);

    [LibraryImport(Library)]
    public static partial int close(int descriptor);
}

/// <summary>A native library is not installed, is of an unknown version or reported an error. Message on one line.</summary>
public sealed class NativeLibraryException(string message, Exception? cause = null) : Exception(message, cause)
{
    internal static NativeLibraryException Missing(string library, string package, Exception cause) =>
        new NativeLibraryException($"{library} cannot be loaded: install the Debian package {package}", cause);
}
