using IrisOperator.Learning;

namespace IrisOperator.ServingImage.Metrics;

/// <summary>Everything that is counted. Health checks and scrapes count nothing, so that the figures are about clients.</summary>
internal sealed class ServingMetrics(Model model, string modelDigest, TimeProvider clock)
{
    /// <summary>Every status that the application gives; another one (Kestrel's own) is counted under the last, 500.</summary>
    public static readonly int[] Codes = [200, 400, 404, 405, 408, 413, 415, 499, 503, 504, 500];

    private readonly StripedCounters _requests = new(Codes.Length);
    private readonly StripedCounters _inFlight = new(1);

    public Model Model { get; } = model;

    public string ModelDigest { get; } = modelDigest;

    public DateTimeOffset Started { get; } = clock.GetUtcNow();

    /// <summary>By class.</summary>
    public StripedCounters Predictions { get; } = new(model.Classes.Count);

    /// <summary>By feature: values below or above those of the training rows. They are answered all the same.</summary>
    public StripedCounters OutOfRange { get; } = new(model.Features.Count);

    public DurationHistogram Durations { get; } = new();

    public long InFlight => _inFlight.Sum(0);

    public void RequestBegins() => _inFlight.Add(0, 1);

    public void RequestEnds(int code, TimeSpan duration)
    {
        _inFlight.Add(0, -1);
        _requests.Increment(IndexOf(code));
        Durations.Observe(duration);
    }

    public long Requests(int code) => _requests.Sum(IndexOf(code));

    private static int IndexOf(int code)
    {
        var index = Array.IndexOf(Codes, code);
        return index >= 0 ? index : Codes.Length - 1;
    }
}
