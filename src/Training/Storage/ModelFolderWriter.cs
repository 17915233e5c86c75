using System.Security.Cryptography;
using System.Text.Json;
using IrisOperator.Learning.Format;

namespace IrisOperator.Training.Storage;

/// <summary>
/// Puts a model into a folder so that a reader, at any moment and after any crash, finds the old model complete
/// or the new model complete.
/// </summary>
/// <remarks>
/// The rename of manifest.json is the only switch. Therefore no file that the present manifest names is ever replaced by
/// other content: if model.json is taken by another model, the new one is called model-[first 12 digits of its sum].json
/// and the manifest says so. In an empty folder, and when the same model is written again, the names are plain.
/// Order:
/// 1. make the folder if it is not there, and flush those that it and its parents were made in;
/// 2. each file: write to a temporary name, flush, rename;
/// 3. flush the folder;
/// 4. the same for the manifest, and flush the folder: from here on the new model is safe;
/// 5. delete what the manifest before named and this one does not, and temporary files of runs that were killed.
/// Guarantees: idempotent; after an error the old model is still the model.
/// Caveats: two runs at once in one folder are safe if they write the same model (the case of a Job's pod that was
/// started twice); with different models one of them may have to be run again: the caller reads the folder afterwards
/// and fails if it does not hold what it wrote.
/// </remarks>
public sealed class ModelFolderWriter
{
    private const string TemporaryPrefix = ".";
    private const string TemporarySuffix = ".tmp";

    private readonly IModelFiles _files;
    private readonly Func<string> _nonce;

    public ModelFolderWriter()
        : this(new ModelFiles(), () => RandomNumberGenerator.GetHexString(12, lowercase: true))
    {
    }

    internal ModelFolderWriter(IModelFiles files, Func<string> nonce) => (_files, _nonce) = (files, nonce);

    /// <exception cref="ModelWriteException">What was there before is still there, and complete if it was.</exception>
    public void Write(string folder, TrainingResult result) => Write(folder, result.ModelJson, result.ModelText, result.ReportJson);

    /// <summary>A copy of another folder.</summary>
    /// <exception cref="ModelWriteException">As of the other.</exception>
    public void Write(string folder, ModelContent content)
    {
        var files = content.Files.ToDictionary(file => file.Name, file => file.Content.ToArray());
        Write(folder, files[ModelFile.Model], files[ModelFile.Text], files[ModelFile.Report]);
    }

    internal void Write(string folder, byte[] modelJson, byte[] modelText, byte[] reportJson)
    {
        try
        {
            MakeFolder(folder);
            var present = PresentManifest(folder);
            var entries = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
            (string, byte[])[] contents = [(ModelFile.Model, modelJson), (ModelFile.Text, modelText), (ModelFile.Report, reportJson)];
            foreach (var (name, content) in contents)
            {
                entries.Add(name, Entry(name, content, present));
                Replace(folder, ManifestReader.PathOf(name, entries[name]), content);
            }
            _files.FlushFolder(folder);
            var manifest = new ManifestDocument(
                ManifestDocument.CurrentVersion, $"sha256:{entries[ModelFile.Model].Sha256}", entries);
            Replace(folder, ModelFile.Manifest, JsonSerializer.SerializeToUtf8Bytes(manifest, FormatJsonContext.Default.ManifestDocument));
            _files.FlushFolder(folder);
            DeleteLeftovers(folder, present, entries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelWriteException($"cannot write {folder}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Copies files into a folder; each is there whole, or not at all.</summary>
    /// <exception cref="ModelWriteException">Some may be there.</exception>
    public void Keep(string folder, IEnumerable<string> files)
    {
        try
        {
            MakeFolder(folder);
            foreach (var file in files)
            {
                Replace(folder, Path.GetFileName(file), temporary => _files.Copy(file, temporary));
            }
            _files.FlushFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelWriteException($"cannot write {folder}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private void MakeFolder(string folder)
    {
        var madeIn = new List<string>();
        var missing = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        while (!Directory.Exists(missing) && Path.GetDirectoryName(missing) is { } parent)
        {
            madeIn.Add(parent);
            missing = parent;
        }
        _files.CreateFolder(folder);
        foreach (var parent in madeIn)
        {
            _files.FlushFolder(parent);
        }
    }

    /// <summary>Null if there is no manifest, or none that a reader would follow: then there is nothing to protect.</summary>
    private static ManifestDocument? PresentManifest(string folder)
    {
        try
        {
            return ManifestReader.Read(ModelFolder.ReadManifestBytes(folder));
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private static ManifestFile Entry(string name, byte[] content, ManifestDocument? present)
    {
        var sum = Digest.Of(content).Hex;
        var taken = present?.Files[name] is { Path: null } other && other.Sha256 != sum;
        return new ManifestFile(sum, content.Length, taken ? ManifestReader.ContentName(name, sum) : null);
    }

    private void Replace(string folder, string name, byte[] content) =>
        Replace(folder, name, temporary => _files.Write(temporary, content));

    private void Replace(string folder, string name, Action<string> write)
    {
        var temporary = Path.Combine(folder, $"{TemporaryPrefix}{name}.{_nonce()}{TemporarySuffix}");
        try
        {
            write(temporary);
            _files.FlushFile(temporary);
            _files.Rename(temporary, Path.Combine(folder, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DeleteIfPossible(temporary);
            throw;
        }
    }

    private void DeleteLeftovers(string folder, ManifestDocument? before, Dictionary<string, ManifestFile> now)
    {
        var keep = now.Select(f => ManifestReader.PathOf(f.Key, f.Value)).ToHashSet(StringComparer.Ordinal);
        var old = before?.Files.Select(f => ManifestReader.PathOf(f.Key, f.Value)) ?? [];
        var killed = _files.List(folder).Where(f =>
            f.StartsWith(TemporaryPrefix, StringComparison.Ordinal) && f.EndsWith(TemporarySuffix, StringComparison.Ordinal));
        foreach (var name in old.Concat(killed).Where(f => !keep.Contains(f)).ToArray())
        {
            DeleteIfPossible(Path.Combine(folder, name));
        }
    }

    /// <summary>A file too many costs space and nothing else; it is no reason to fail a run whose model is safe.</summary>
    private void DeleteIfPossible(string path)
    {
        try
        {
            _files.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

/// <summary>The output folder cannot be written: full, read-only, not permitted. A model that was there before is untouched.</summary>
public sealed class ModelWriteException(string message, Exception innerException) : Exception(message, innerException);
