using System.Reflection;
using System.Text.RegularExpressions;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Testing;

namespace IrisOperator.Operator.Tests;

/// <summary>The constants of <see cref="Reasons"/> and the tables of docs/spec name the same reasons.</summary>
public sealed partial class ReasonsTests
{
    // Reasons that other programs give, and that are passed on: kubelet and scheduler, the Job controller, the trainer and the publisher.
    private static readonly string[] Foreign =
    [
        "BackoffLimitExceeded", "CrashLoopBackOff", "CreateContainerConfigError", "CreateContainerError", "ErrImageNeverPull",
        "FailedAttachVolume", "FailedCreate", "FailedMount", "ImageInspectError", "ImagePullBackOff", "InvalidImageName",
        "ReplicaFailure", "RunContainerError", "Unschedulable", "InputNotReadable", "Interrupted", "InvalidArgument", "InvalidDataset",
        "InvalidModel", "InvalidParameter",
        "ModelNotReadable", "ModelNotVerified", "NativeLibraryFailed", "NativeLibraryMissing", "OutOfMemory",
        "OutputNotVerified", "OutputNotWritable", "PredictorMismatch", "SchemaChanged", "Unexpected",
    ];

    private static readonly string[] Constants =
        [.. typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    private static readonly string[] Pages =
        [.. new[] { "iristraining.md", "irismodel.md" }
            .Select(page => File.ReadAllText(Path.Combine(Repository.Root, "docs", "spec", page)))];

    [Fact]
    public void every_constant_is_explained_on_a_page() =>
        Assert.All(Constants, reason => Assert.Contains($"`{reason}`", string.Concat(Pages), StringComparison.Ordinal));

    [Fact]
    public void every_reason_of_a_table_is_a_constant_or_another_programs()
    {
        var told = Pages.SelectMany(page => page.Split("The reasons of `Ready`:")[1].Split("\n\n")[1].Split('\n').Skip(2))
            .SelectMany(row => Reason().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value))
            .Where(reason => !reason.StartsWith("Registry", StringComparison.Ordinal))
            .ToHashSet();

        Assert.Contains("Accepted", told);
        Assert.Empty(told.Except(Constants).Except(Foreign));
        Assert.Empty(Foreign.Except(told));
    }

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Reason();
}
