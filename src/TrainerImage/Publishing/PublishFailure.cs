using IrisOperator.Learning;
using IrisOperator.Registry;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>How a command that speaks with a registry failed: the one place where exceptions become reasons and exit codes.</summary>
internal sealed record PublishFailure(string Reason, string Message, int ExitCode)
{
    public bool IsUnexpected => Reason == "Unexpected";

    /// <param name="exception">What ended it.</param>
    /// <param name="done">What had not been done yet, for a signal's message.</param>
    public static PublishFailure From(Exception exception, string done = "the model was published")
    {
        var (reason, exitCode) = exception switch
        {
            InputException e => (e.Problem.ToString(), TrainerImage.ExitCode.BadInput),
            SchemaChangedException => ("SchemaChanged", TrainerImage.ExitCode.BadInput),
            ModelFormatException { InnerException: FileNotFoundException or DirectoryNotFoundException } =>
                ("ModelNotVerified", TrainerImage.ExitCode.BadInput),
            ModelFormatException { InnerException: IOException } => ("ModelNotReadable", TrainerImage.ExitCode.MayBeRetried),
            ModelFormatException or GoldenSampleMismatchException => ("ModelNotVerified", TrainerImage.ExitCode.BadInput),
            RegistryException e =>
                ($"Registry{e.Problem}", MayPass(e) ? TrainerImage.ExitCode.MayBeRetried : TrainerImage.ExitCode.BadInput),
            OperationCanceledException => ("Interrupted", TrainerImage.ExitCode.MayBeRetried),
            OutOfMemoryException => ("OutOfMemory", TrainerImage.ExitCode.MayBeRetried),
            _ => ("Unexpected", TrainerImage.ExitCode.MayBeRetried),
        };
        var message = exception switch
        {
            OperationCanceledException => $"stopped by a signal before {done}",
            _ when reason == "Unexpected" => $"{exception.GetType().Name}: {exception.Message}",
            _ => exception.Message,
        };
        return new PublishFailure(reason, message.ReplaceLineEndings(" "), exitCode);
    }

    public PublishReport ToReport() => new()
    {
        Outcome = PublishOutcome.Failed,
        Reason = Reason,
        Message = Message,
        Retriable = ExitCode == TrainerImage.ExitCode.MayBeRetried,
    };

    // Beside what passes by itself: others were faster ten times, and content that was damaged on its way.
    private static bool MayPass(RegistryException error) =>
        error.IsTransient || error.Problem is RegistryProblem.AlreadyExists or RegistryProblem.DigestMismatch;
}
