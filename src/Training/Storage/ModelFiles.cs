using System.Runtime.InteropServices;
using IrisOperator.Training.Native;

namespace IrisOperator.Training.Storage;

/// <summary>The real disk.</summary>
internal sealed class ModelFiles : IModelFiles
{
    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public IReadOnlyList<string> List(string folder) => [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f))];

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(content);
    }

    public void Copy(string from, string to) => File.Copy(from, to);

    public void FlushFile(string path) => Flush(path, mayBeUnsupported: false);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void FlushFolder(string path) => Flush(path, mayBeUnsupported: true);

    public void Delete(string path) => File.Delete(path);

    /// <summary>
    /// .NET opens no folders. For files it could, but its own flush to disk passes over errors that the kernel calls
    /// unsupported; here only folders may have those, and EIO is never taken for success.
    /// </summary>
    private static void Flush(string path, bool mayBeUnsupported)
    {
        var descriptor = Libc.open(path, Libc.OpenReadOnly);
        if (descriptor < 0)
        {
            throw Failed("open", path);
        }
        try
        {
            if (Libc.fsync(descriptor) != 0)
            {
                var unsupported = Marshal.GetLastPInvokeError() is Libc.InvalidArgument or Libc.NotSupported;
                if (!(unsupported && mayBeUnsupported))
                {
                    throw Failed("fsync", path);
                }
            }
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    private static IOException Failed(string operation, string path) =>
        new IOException($"{operation} {path}: {Marshal.GetLastPInvokeErrorMessage()}");
}

/// <summary>The file operations of <see cref="ModelFolderWriter"/>, one by one: a test can stop the world between any two.</summary>
internal interface IModelFiles
{
    /// <summary>Makes the folder and its parents, if they are not there.</summary>
    public void CreateFolder(string path);

    /// <summary>Names in the folder.</summary>
    public IReadOnlyList<string> List(string folder);

    /// <summary>Makes a new file. On return the bytes are written, but not yet safe.</summary>
    public void Write(string path, ReadOnlySpan<byte> content);

    /// <summary>Makes a new file of the content of another one. On return it is written, but not yet safe.</summary>
    public void Copy(string from, string to);

    /// <summary>On return the bytes of the file would survive a power cut.</summary>
    public void FlushFile(string path);

    /// <summary>Replaces a file of the new name; one or the other is there at any time.</summary>
    public void Rename(string from, string to);

    /// <summary>On return the names in the folder would survive a power cut.</summary>
    public void FlushFolder(string path);

    public void Delete(string path);
}
