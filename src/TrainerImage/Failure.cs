using IrisOperator.Learning;
using IrisOperator.Learning.Native;
using IrisOperator.Learning.Storage;
using IrisOperator.Learning.Training;

namespace IrisOperator.TrainerImage;

/// <summary>How a run failed: the one place where exceptions become reasons and exit codes.</summary>
internal sealed record Failure(string Reason, string Message, int ExitCode)
{
    public static Failure From(Exception exception)
    {
        var (reason, exitCode) = exception switch
        {
            InputException e => (e.Problem.ToString(), TrainerImage.ExitCode.BadInput),
            NativeLibraryException { InnerException: DllNotFoundException } => ("NativeLibraryMissing", TrainerImage.ExitCode.BadInput),
            NativeLibraryException => ("NativeLibraryFailed", TrainerImage.ExitCode.MayBeRetried),
            PredictorMismatchException => ("PredictorMismatch", TrainerImage.ExitCode.BadInput),
            ModelWriteException => ("OutputNotWritable", TrainerImage.ExitCode.MayBeRetried),
            ModelFormatException or GoldenSampleMismatchException => ("OutputNotVerified", TrainerImage.ExitCode.MayBeRetried),
            OperationCanceledException => ("Interrupted", TrainerImage.ExitCode.MayBeRetried),
            OutOfMemoryException => ("OutOfMemory", TrainerImage.ExitCode.MayBeRetried),
            IOException or UnauthorizedAccessException => ("InputNotReadable", TrainerImage.ExitCode.MayBeRetried),
            _ => ("Unexpected", TrainerImage.ExitCode.MayBeRetried),
        };
        var message = exception switch
        {
            OperationCanceledException => "stopped by a signal before the model was complete",
            _ when reason == "Unexpected" => $"{exception.GetType().Name}: {exception.Message}",
            _ => exception.Message,
        };
        return new Failure(reason, message.ReplaceLineEndings(" "), exitCode);
    }

    public CompactReport ToReport(string trainer) => new()
    {
        Outcome = "Failed",
        Reason = Reason,
        Message = Message,
        Retriable = ExitCode == TrainerImage.ExitCode.MayBeRetried,
        Trainer = trainer,
    };
}
