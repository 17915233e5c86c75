namespace IrisOperator.TrainerImage;

/// <summary>What the operator decides by: 2 is never run again.</summary>
internal static class ExitCode
{
    /// <summary>A model was written, accepted or rejected; or published, or rightly not.</summary>
    public const int Trained = 0;

    /// <summary>Disk, signal, crash: another attempt may succeed.</summary>
    public const int MayBeRetried = 1;

    /// <summary>Bad input: another attempt would fail in the same way.</summary>
    public const int BadInput = 2;
}
