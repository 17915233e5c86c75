using IrisOperator.Learning;
using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests;

/// <summary>Disks that are full or closed: exit code 1, since the next attempt may find room.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public OutputTests() => NativeLibraries.Require();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task an_output_that_cannot_be_a_folder_is_named_and_may_be_retried()
    {
        await File.WriteAllTextAsync(_folder.Combine("file"), "", TestContext.Current.CancellationToken);

        var run = await TrainProcess.RunAsync([Repository.IrisCsv, _folder.Combine("file", "out")]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"cannot write {_folder.Combine("file", "out")}: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal("OutputNotWritable", (string?)run.Report["reason"]);
        Assert.True((bool?)run.Report["retriable"]);
    }

    [Theory]
    [InlineData("size=16k")]
    [InlineData("size=20k")]
    [InlineData("size=40k")]
    [InlineData("size=64k")]
    public async Task a_full_disk_is_reported_and_keeps_the_old_model(string size)
    {
        // A small tmpfs in a mount namespace of its own: real ENOSPC, at the first, a middle and the last file.
        var disk = Directory.CreateDirectory(_folder.Combine("disk")).FullName;
        var old = ModelFixtures.WriteIris(_folder.Combine("old"));
        var script = _folder.Combine("run.sh");
        await File.WriteAllTextAsync(
            script,
            $"""
            mount -t tmpfs -o {size} none {disk} || exit 77
            cp {_folder.Combine("old")}/m* {_folder.Combine("old")}/report.json {disk}/ || exit 78
            "$@"; code=$?
            cp -r {disk} {_folder.Combine("after")}
            exit $code
            """,
            TestContext.Current.CancellationToken);

        var run = await TrainProcess.RunAsync([Repository.IrisCsv, disk], prefix: $"unshare -rm sh {script}");
        if (run.Error.Contains("unshare", StringComparison.Ordinal) || run.ExitCode is 77)
        {
            Assert.Skip($"this machine allows no mount namespaces: {run.Error}");
        }
        Assert.NotEqual(78, run.ExitCode);

        Assert.Equal(1, run.ExitCode);
        Assert.Matches("^cannot write .*No space left on device", run.Errors);
        Assert.Equal("OutputNotWritable", (string?)run.Report["reason"]);
        Assert.Equal(old, ModelFolder.Read(_folder.Combine("after")).ModelDigest);
        Assert.DoesNotContain(Directory.GetFiles(_folder.Combine("after")), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_report_that_cannot_be_written_fails_the_run()
    {
        var run = await TrainProcess.RunAsync(
            [Repository.IrisCsv, _folder.Combine("out"), "--report", _folder.Combine("no", "such", "place")]);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("cannot write the report to ", run.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(ModelFolder.Read(_folder.Combine("out")).ModelDigest);
    }
}
