namespace IrisOperator.Registry.Wire;

/// <summary>What a streamed answer is held to.</summary>
/// <param name="Asked">The request, for messages.</param>
/// <param name="MaxBytes">Of the whole answer.</param>
/// <param name="MinBytes">To arrive in each window.</param>
/// <param name="Window">Of waiting.</param>
/// <param name="Total">Of waiting, for the whole answer.</param>
internal sealed record ReadLimits(string Asked, long MaxBytes, int MinBytes, TimeSpan Window, TimeSpan Total);
