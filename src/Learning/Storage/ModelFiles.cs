using System.Runtime.InteropServices;
using IrisOperator.Learning.Native;

namespace IrisOperator.Learning.Storage;

/// <summary>The real disk.</summary>
internal sealed class ModelFiles : IModelFiles
{
    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public IReadOnlyList<string> List(string folder)
    {
        return [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f))];
    }

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(content);
    }

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

    private static IOException Failed(string operation, string path)
    {
        return new IOException($"{operation} {path}: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
