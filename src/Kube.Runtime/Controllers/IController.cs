namespace IrisOperator.Kube.Runtime.Controllers;

internal interface IController
{
    public string Name { get; }

    /// <summary>Hooks into the stores. Before they are filled, else changes would be missed.</summary>
    public void Subscribe();

    /// <summary>Runs the workers until <paramref name="stopping"/>, then lets running passes end.</summary>
    /// <param name="stopping">No new pass begins.</param>
    /// <param name="aborting">Passes under way are cancelled: leadership is lost, or draining took too long.</param>
    public Task RunAsync(CancellationToken stopping, CancellationToken aborting);
}
