using IrisOperator.Operator.Hosting;
using IrisOperator.Operator.Serving.Desired;

namespace IrisOperator.Operator.Serving;

/// <summary>The only reader: caches, what is known of registries, the server itself for events, and pods of a canary.</summary>
public sealed class ModelObserver(Stores stores, PodEvents events, RepositoryScanner registries, IPodMetrics metrics)
{
    /// <summary>The versions that a model wants to be asked for: none where it names a digest or something invalid.</summary>
    public static IEnumerable<ImageSelection> SelectionsOf(IrisModel model) =>
        new[] { RangeOf(model), PinOf(model) }.OfType<ImageSelection>();

    public async Task<ModelSeen> ObserveAsync(IrisModel model, CancellationToken cancellationToken)
    {
        var key = model.Key();
        var pods = stores.PodsOf(Labels.Model, model);
        return new ModelSeen
        {
            Model = model,
            Training = model.Spec.Model?.TrainingRef is { } reference ? stores.Trainings.Get(key with { Name = reference.Name }) : null,
            Deployment = stores.Deployments.Get(key),
            Canary = stores.Deployments.Get(key with { Name = ModelDeployment.CanaryName(model) }),
            CanaryRequests = IsTrying(model)
                ? await metrics.ReadAsync(
                    [.. pods.Where(pod => Rollout.IsCanary(pod) && Rollout.IsReady(pod))], ModelDeployment.Port(model), cancellationToken)
                : [],
            Service = stores.Services.Get(key),
            Image = RangeOf(model) is { } range ? registries.Look(range) : null,
            PinnedImage = PinOf(model) is { } pin ? registries.Look(pin) : null,
            Pods = pods,
            Events = await events.ReadAsync(pods, cancellationToken),
        };
    }

    private static bool IsTrying(IrisModel model) =>
        model is { Status.Canary: not null, Spec: { Suspend: not true, Rollout.Canary: not null } };

    private static ImageSelection? RangeOf(IrisModel model) => Selection(model, model.Spec.Image?.Version);

    private static ImageSelection? PinOf(IrisModel model) => Selection(model, ImageChoice.PinOf(model)?.Version);

    private static ImageSelection? Selection(IrisModel model, string? version) =>
        model.Spec.Image is { } image && !ImageVersion.IsDigest(version)
        && !ImageVersion.Check("", image with { Version = version, Pin = null }).Any()
            ? new ImageSelection(image.Repository, version!)
            : null;
}
