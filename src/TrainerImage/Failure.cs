using IrisOperator.Learning.Native;
using IrisOperator.Learning.Storage;
using IrisOperator.Learning.Training;

namespace IrisOperator.TrainerImage;

/// <summary>What the operator decides by. After 1 another attempt may succeed, after 2 it would fail in the same way.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int MayBeRetried = 1;
    public const int BadInput = 2;
}

/// <summary>How a command failed: the one place where exceptions become reasons and exit codes.</summary>
internal sealed record Failure(string Reason, string Message, int ExitCode)
{
    public bool IsUnexpected => Reason == "Unexpected";

    /// <param name="pending">What had not been done yet, for a signal's message.</param>
    /// <param name="ofCommand">Reasons of one command; null for what is the same for all.</param>
    public static Failure From(Exception exception, string pending, Func<Exception, (string Reason, int ExitCode)?> ofCommand)
    {
        var (reason, exitCode) = exception switch
        {
            InputException e => (e.Problem.ToString(), TrainerImage.ExitCode.BadInput),
            OperationCanceledException => ("Interrupted", TrainerImage.ExitCode.MayBeRetried),
            OutOfMemoryException => ("OutOfMemory", TrainerImage.ExitCode.MayBeRetried),
            _ => ofCommand(exception) ?? ("Unexpected", TrainerImage.ExitCode.MayBeRetried),
        };
        var message = exception switch
        {
            OperationCanceledException => $"stopped by a signal before {pending}",
            _ when reason == "Unexpected" => $"{exception.GetType().Name}: {exception.Message}",
            _ => exception.Message,
        };
        return new Failure(reason, message.ReplaceLineEndings(" "), exitCode);
    }

    public static (string Reason, int ExitCode)? OfTraining(Exception exception) => exception switch
    {
        NativeLibraryException { InnerException: DllNotFoundException } => ("NativeLibraryMissing", TrainerImage.ExitCode.BadInput),
        NativeLibraryException => ("NativeLibraryFailed", TrainerImage.ExitCode.MayBeRetried),
        PredictorMismatchException => ("PredictorMismatch", TrainerImage.ExitCode.BadInput),
        ModelWriteException => ("OutputNotWritable", TrainerImage.ExitCode.MayBeRetried),
        ModelFormatException or GoldenSampleMismatchException => ("OutputNotVerified", TrainerImage.ExitCode.MayBeRetried),
        IOException or UnauthorizedAccessException => ("InputNotReadable", TrainerImage.ExitCode.MayBeRetried),
        _ => null,
    };
}
