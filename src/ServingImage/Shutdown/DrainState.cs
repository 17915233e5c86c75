namespace IrisOperator.ServingImage.Shutdown;

/// <summary>Whether this process is on its way out. Goes from no to yes once.</summary>
internal sealed class DrainState
{
    private volatile bool _draining;

    public bool IsDraining => _draining;

    public void Begin() => _draining = true;
}
