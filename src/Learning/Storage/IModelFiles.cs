namespace IrisOperator.Learning.Storage;

/// <summary>The file operations of <see cref="ModelFolderWriter"/>, one by one: a test can stop the world between any two.</summary>
internal interface IModelFiles
{
    /// <summary>Makes the folder and its parents, if they are not there.</summary>
    public void CreateFolder(string path);

    /// <summary>Names in the folder.</summary>
    public IReadOnlyList<string> List(string folder);

    /// <summary>Makes a new file. On return the bytes are written, but not yet safe.</summary>
    public void Write(string path, ReadOnlySpan<byte> content);

    /// <summary>On return the bytes of the file would survive a power cut.</summary>
    public void FlushFile(string path);

    /// <summary>Replaces a file of the new name; one or the other is there at any time.</summary>
    public void Rename(string from, string to);

    /// <summary>On return the names in the folder would survive a power cut.</summary>
    public void FlushFolder(string path);

    public void Delete(string path);
}
