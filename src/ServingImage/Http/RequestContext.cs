using System.IO.Pipelines;
using IrisOperator.ServingImage.Prediction;
using Microsoft.AspNetCore.Http.Features;

namespace IrisOperator.ServingImage.Http;

/// <summary>One request; the object lives as long as its connection and is used again.</summary>
internal sealed class RequestContext(PredictionWork work, TimeProvider clock)
{
    private IFeatureCollection _features = null!;

    /// <summary>The status that metrics use for a client that went away before its answer (nginx' convention).</summary>
    public const int ClientGone = 499;

    public IHttpRequestFeature Request { get; private set; } = null!;

    public IHttpResponseFeature Response { get; private set; } = null!;

    public PredictionWork Work { get; } = work;

    public BodyDeadline Deadline { get; } = new(clock);

    /// <summary>Timestamp of the clock.</summary>
    public long Started { get; private set; }

    /// <summary>Whether metrics and limits take this request for a client's.</summary>
    public bool IsCounted { get; set; }

    public bool IsClientGone { get; set; }

    public PipeReader Body => _features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;

    public IHttpResponseBodyFeature Output => _features.GetRequiredFeature<IHttpResponseBodyFeature>();

    public PipeReader? Connection =>
        _features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionTransportFeature>()?.Transport.Input;

    public TimeSpan Elapsed => clock.GetElapsedTime(Started);

    public void Begin(IFeatureCollection features)
    {
        _features = features;
        Request = features.GetRequiredFeature<IHttpRequestFeature>();
        Response = features.GetRequiredFeature<IHttpResponseFeature>();
        Started = clock.GetTimestamp();
        IsCounted = IsClientGone = false;
    }

    public void End() => Work.Clear();
}
