using IrisOperator.Training.Native;
using IrisOperator.Training.Storage;

namespace IrisOperator.TrainerImage;

/// <summary>How a command failed: the one place where exceptions become reasons and exit codes.</summary>
/// <param name="IsTransient">True where a retry may succeed without user action.</param>
internal sealed record Failure(string Reason, string Message, int ExitCode, bool IsTransient)
{
    public bool IsUnexpected => Reason == "Unexpected";

    /// <param name="pending">What had not been done yet, for a signal's message.</param>
    /// <param name="ofCommand">Reasons of one command; null for what is the same for all.</param>
    public static Failure From(Exception exception, string pending, Func<Exception, (string Reason, int ExitCode)?> ofCommand)
    {
        var (reason, exitCode) = exception switch
        {
            InputException e => (e.Problem.ToString(), Contracts.ExitCode.BadInput),
            OperationCanceledException => ("Interrupted", Contracts.ExitCode.MayBeRetried),
            OutOfMemoryException => ("OutOfMemory", Contracts.ExitCode.MayBeRetried),
            _ => ofCommand(exception) ?? ("Unexpected", Contracts.ExitCode.MayBeRetried),
        };
        var message = exception switch
        {
            OperationCanceledException => $"stopped by a signal before {pending}",
            _ when reason == "Unexpected" => $"{exception.GetType().Name}: {exception.Message}",
            _ => exception.Message,
        };
        var isTransient = exception is OperationCanceledException or Registry.RegistryException { IsTransient: true };
        return new Failure(reason, message.ReplaceLineEndings(" "), exitCode, isTransient);
    }

    public static (string Reason, int ExitCode)? OfTraining(Exception exception) => exception switch
    {
        NativeLibraryException { InnerException: DllNotFoundException } => ("NativeLibraryMissing", Contracts.ExitCode.BadInput),
        NativeLibraryException => ("NativeLibraryFailed", Contracts.ExitCode.MayBeRetried),
        PredictorMismatchException => ("PredictorMismatch", Contracts.ExitCode.BadInput),
        ModelWriteException => ("OutputNotWritable", Contracts.ExitCode.MayBeRetried),
        ModelFormatException or GoldenSampleMismatchException => ("OutputNotVerified", Contracts.ExitCode.MayBeRetried),
        IOException or UnauthorizedAccessException => ("InputNotReadable", Contracts.ExitCode.MayBeRetried),
        _ => null,
    };
}
