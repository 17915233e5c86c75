using System.Text;
using IrisOperator.Testing;
using IrisOperator.Training.Storage;

namespace IrisOperator.Learning.Tests.Storage;

public sealed class ModelFolderWriterTests : IDisposable
{
    private static readonly byte[] A = Model(1);
    private static readonly byte[] B = Model(2);
    private static readonly byte[] C = Model(3);

    private readonly TempFolder _folder = new();
    private int _copies;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void an_empty_folder_gets_the_plain_names()
    {
        Write(_folder.Path, A);

        Assert.Equal(["manifest.json", "model.json", "model.txt", "report.json"], Files(_folder.Path));
        Assert.Equal(A, File.ReadAllBytes(_folder.Combine("model.json")));
        Assert.Equal(DigestOf(A), ModelFolder.Read(_folder.Path).ModelDigest);
    }

    [Fact]
    public void folders_that_do_not_exist_are_made()
    {
        Write(_folder.Combine("training", "job"), A);

        Assert.Equal(DigestOf(A), ModelFolder.Read(_folder.Combine("training", "job")).ModelDigest);
    }

    [Fact]
    public void the_same_model_written_again_changes_nothing()
    {
        Write(_folder.Path, A);
        var before = Files(_folder.Path).Select(f => File.ReadAllBytes(_folder.Combine(f))).ToArray();

        Write(_folder.Path, A);

        Assert.Equal(["manifest.json", "model.json", "model.txt", "report.json"], Files(_folder.Path));
        Assert.Equal(before, Files(_folder.Path).Select(f => File.ReadAllBytes(_folder.Combine(f))));
    }

    [Fact]
    public void another_model_takes_other_names_and_the_old_files_go()
    {
        Write(_folder.Path, A);
        Write(_folder.Path, B);

        var name = $"model-{Digest.Of(B).Hex[..12]}.json";
        Assert.Equal(4, Files(_folder.Path).Length);
        Assert.Equal(B, File.ReadAllBytes(_folder.Combine(name)));
        Assert.Equal(DigestOf(B), ModelFolder.Read(_folder.Path).ModelDigest);

        Write(_folder.Path, C);
        Assert.Equal(["manifest.json", "model.json", "model.txt", "report.json"], Files(_folder.Path));
        Assert.Equal(DigestOf(C), ModelFolder.Read(_folder.Path).ModelDigest);
    }

    [Fact]
    public void a_damaged_model_is_replaced()
    {
        Write(_folder.Path, A);
        File.WriteAllText(_folder.Combine("model.json"), "{");

        Write(_folder.Path, A);

        Assert.Equal(DigestOf(A), ModelFolder.Read(_folder.Path).ModelDigest);
    }

    [Fact]
    public void remains_of_runs_that_were_killed_go_and_files_of_others_stay()
    {
        File.WriteAllText(_folder.Combine(".model.json.0123.tmp"), "half");
        File.WriteAllText(_folder.Combine("notes.md"), "mine");

        Write(_folder.Path, A);

        Assert.Equal(["manifest.json", "model.json", "model.txt", "notes.md", "report.json"], Files(_folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("AC")]
    public void a_crash_at_any_file_operation_leaves_the_old_model_or_the_new_one(string before)
    {
        var points = 0;
        for (var crashAt = 0; ; crashAt++, points++)
        {
            var folder = _folder.Combine($"crash{crashAt}");
            foreach (var model in before)
            {
                Write(folder, Named(model));
            }
            var disk = StoppedAt(folder, crashAt, () => new CrashException());
            var finished = TryWrite(disk, folder, B);

            var stopped = $"{points} of {before}: {string.Join(", ", disk.Operations)}";
            Directory.CreateDirectory(folder);
            Holds(folder, before, finished, $"killed after {stopped}");
            Holds(Copied(disk.CopyAfterPowerCut), before, finished, $"power cut after {stopped}");
            Holds(Copied(disk.CopyAfterPowerCutWithNewNames), before, finished, $"power cut, names first, after {stopped}");
            Holds(Copied(disk.CopyAfterPowerCutWithNewManifest), before, finished, $"power cut, manifest first, after {stopped}");
            if (finished)
            {
                break;
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{points} of {points} crash points");
        Assert.InRange(points, 24, 60);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("AC")]
    public void an_error_at_any_file_operation_leaves_the_old_model_and_no_remains(string before)
    {
        for (var failAt = 0; ; failAt++)
        {
            var folder = _folder.Combine($"fail{failAt}");
            foreach (var model in before)
            {
                Write(folder, Named(model));
            }
            var files = Files(folder);
            var disk = StoppedAt(folder, failAt, () => new IOException("No space left on device"), once: true);
            try
            {
                new ModelFolderWriter(disk, () => "0").Write(folder, B, Encoding.UTF8.GetBytes("text"), Encoding.UTF8.GetBytes("report"));
                Assert.Equal(DigestOf(B), ModelFolder.Read(folder).ModelDigest);
                if (disk.Operations.Count <= failAt)
                {
                    break;
                }
            }
            catch (ModelWriteException e)
            {
                Assert.Equal($"cannot write {folder}: No space left on device", e.Message);
                Assert.Contains(ModelFolder.Read(folder).ModelDigest, new[] { DigestOf(Named(before[^1])), DigestOf(B) });
                Assert.DoesNotContain(Files(folder), f => f.EndsWith(".tmp", StringComparison.Ordinal));
                Assert.Subset(Files(folder).ToHashSet(), files.ToHashSet());
            }
        }
    }

    private static DiskModel StoppedAt(string folder, int operation, Func<Exception> error, bool once = false)
    {
        var count = 0;
        return new DiskModel(folder)
        {
            Before = _ =>
            {
                if (once ? count++ == operation : count++ >= operation)
                {
                    throw error();
                }
            },
        };
    }

    private static bool TryWrite(DiskModel disk, string folder, byte[] model)
    {
        try
        {
            new ModelFolderWriter(disk, () => "0").Write(folder, model, Encoding.UTF8.GetBytes("text"), Encoding.UTF8.GetBytes("report"));
            return true;
        }
        catch (CrashException)
        {
            return false;
        }
    }

    private static void Holds(string folder, string before, bool finished, string after)
    {
        var found = "nothing";
        try
        {
            found = ModelFolder.Read(folder).ModelDigest;
        }
        catch (ModelFormatException e)
        {
            Assert.True(before.Length == 0 && !finished, $"{after}: {e.Message}");
        }
        var allowed = new List<string> { DigestOf(B) };
        if (!finished)
        {
            allowed.Add(before.Length == 0 ? "nothing" : DigestOf(Named(before[^1])));
        }
        Assert.True(allowed.Contains(found), $"{after}: found {found}");

        // And the next run, with any model, gets through.
        Write(folder, C);
        Assert.Equal(DigestOf(C), ModelFolder.Read(folder).ModelDigest);
        Assert.DoesNotContain(Files(folder), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private string Copied(Action<string> copy)
    {
        var folder = _folder.Combine($"copy{_copies++}");
        copy(folder);
        return folder;
    }

    private static byte[] Named(char model) => model switch
    {
        'A' => A,
        'B' => B,
        _ => C,
    };

    private static string DigestOf(byte[] content) => Digest.Of(content).ToString();

    private static byte[] Model(float weight) => Encoding.UTF8.GetBytes(ModelFixtures.IrisJson(weight));

    private static void Write(string folder, byte[] model)
    {
        // Text and report differ with the model, as they do in life.
        var suffix = Digest.Of(model).Hex[..4];
        new ModelFolderWriter().Write(folder, model, Encoding.UTF8.GetBytes($"text {suffix}"), Encoding.UTF8.GetBytes($"report {suffix}"));
    }

    private static string[] Files(string folder)
    {
        return [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Not an I/O error: the writer gets no chance to clean up, as when it is killed.</summary>
    private sealed class CrashException : Exception;
}
