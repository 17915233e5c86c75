namespace IrisOperator.Operator.Serving;

/// <summary>Everything that one pass knows. Absent things are null; nothing is read after this was made.</summary>
public sealed record ModelSeen
{
    public required IrisModel Model { get; init; }

    /// <summary>The training that the spec refers to.</summary>
    public IrisTraining? Training { get; init; }

    /// <summary>Whatever has the name, whoever controls it.</summary>
    public V1Deployment? Deployment { get; init; }

    /// <summary>Whatever has the name of the canary's Deployment, whoever controls it.</summary>
    public V1Deployment? Canary { get; init; }

    /// <summary>What the canary's ready pods answered, as far as they could be asked; empty while nothing is tried.</summary>
    public IReadOnlyList<PodRequests> CanaryRequests { get; init; } = [];

    /// <summary>Whatever has the name, whoever controls it.</summary>
    public V1Service? Service { get; init; }

    /// <summary>What the registry has for spec.image.version; null where nothing has to be asked.</summary>
    public ImageView? Image { get; init; }

    /// <summary>What the registry has for the version that is pinned or rolled back to; null where nothing has to be asked.</summary>
    public ImageView? PinnedImage { get; init; }

    /// <summary>Pods of the model, by name, of all versions.</summary>
    public IReadOnlyList<V1Pod> Pods { get; init; } = [];

    /// <summary>Warnings about pods that do not start.</summary>
    public IReadOnlyList<Corev1Event> Events { get; init; } = [];

    /// <summary>What the server had against the plan that this pass made first.</summary>
    public Refusal? Refusal { get; init; }
}
