using System.Buffers;
using System.IO.Pipelines;

namespace IrisOperator.ServingImage.Http;

/// <summary>How the body of a request arrived.</summary>
internal enum BodyState
{
    Whole,
    TooLarge,
    TooSlow,
}

/// <summary>Collects the body of a request within a length and a time.</summary>
internal static class BodyReader
{
    /// <summary>About 25 bytes a number let <see cref="Prediction.PredictionRequestReader.MaxRows"/> rows of ten features in.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>What Kestrel reads of a body that was refused, so that a client that sends before it listens sees the answer.</summary>
    public const int MaxDiscard = 8 * 1024 * 1024;

    public static async Task<(BodyState State, ReadOnlySequence<byte> Body)> ReadAsync(
        RequestContext context, PipeReader reader, TimeSpan limit)
    {
        var remaining = limit - context.Elapsed;
        if (remaining <= TimeSpan.Zero)
        {
            return (BodyState.TooSlow, default);
        }
        context.Deadline.Arm(reader, remaining);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(CancellationToken.None);
                if (read.IsCanceled)
                {
                    return (BodyState.TooSlow, default);
                }
                if (read.Buffer.Length > MaxLength)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return (BodyState.TooLarge, default);
                }
                if (read.IsCompleted)
                {
                    return (BodyState.Whole, read.Buffer);
                }
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        finally
        {
            context.Deadline.Disarm();
        }
    }

    /// <summary>Reads on and forgets, until the body ends or the time is over.</summary>
    public static async Task DiscardAsync(RequestContext context, PipeReader reader, TimeSpan limit)
    {
        context.Deadline.Arm(reader, limit);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(CancellationToken.None);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCanceled || read.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            context.Deadline.Disarm();
        }
    }
}
