namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>What is served.</summary>
public sealed record IrisModelStatus
{
    [Description("Generation of the spec that the rest of the status belongs to.")]
    public long? ObservedGeneration { get; init; }

    [Description("Pods that exist; read by the scale sub-resource.")]
    public int? Replicas { get; init; }

    [Description("Pods that answer.")]
    public int? ReadyReplicas { get; init; }

    [Description("Ready and wanted pods, such as 2/3.")]
    public string? Served { get; init; }

    [Description("Selects the pods; read by the scale sub-resource.")]
    public string? Selector { get; init; }

    [Description("Where predictions are answered inside the cluster.")]
    public string? Url { get; init; }

    [Description("The image of the wanted pods.")]
    public ServedImage? Image { get; init; }

    [Description("The version that is being tried beside the image; absent while none is.")]
    public CanaryStatus? Canary { get; init; }

    [Description("The run whose model the wanted pods serve.")]
    public ServedModel? Model { get; init; }

    [Description("Digest of the model that the wanted pods serve. Absent when the image holds the model and does not say.")]
    public string? ModelDigest { get; init; }

    [Description("Images that served, the newest last, at most ten.")]
    public IReadOnlyList<ServedVersion>? History { get; init; }

    [Description("Images that failed and are not taken again, at most ten.")]
    public IReadOnlyList<RejectedVersion>? Rejected { get; init; }

    [Description("The value of the annotation iris-operator.dev/release that was followed last.")]
    public string? Released { get; init; }

    [Description("The value of the annotation iris-operator.dev/rollback-to that is followed.")]
    public string? RolledBackTo { get; init; }

    [ListMapKey("type")]
    [Description("Conditions, Ready first: the message of Ready says what is served or why not.")]
    public IReadOnlyList<V1Condition>? Conditions { get; init; }
}

/// <summary>The image of the wanted pods.</summary>
public sealed record ServedImage
{
    [Description("The version that was taken; absent for a digest.")]
    public string? Version { get; init; }

    [Description("Image as the pods name it: repository and digest.")]
    public string? Reference { get; init; }

    [Description("What the version meant when it was looked up. The pods are pinned to it.")]
    public string? Digest { get; init; }

    [Description("What the range has and is not served, and why.")]
    public CandidateImage? Candidate { get; init; }

    [Description("Where the image comes from, as its annotations tell.")]
    public ImageLineage? Lineage { get; init; }
}

/// <summary>The version that would be served if nothing stood against it.</summary>
public sealed record CandidateImage
{
    [Description("Tag of the image that is not served yet, or not any more.")]
    public string? Version { get; init; }

    [Description("Digest of the image that is not served yet, or not any more.")]
    public string? Digest { get; init; }

    [Description("Why another image serves: Canary, Held, Pinned, RolledBackTo or Rejected.")]
    public string? Reason { get; init; }
}

/// <summary>Values of <see cref="CandidateImage.Reason"/>.</summary>
public static class CandidateReason
{
    public const string Canary = "Canary";

    public const string Held = "Held";

    public const string Pinned = "Pinned";

    public const string RolledBackTo = "RolledBackTo";

    public const string Rejected = "Rejected";
}

/// <summary>What a published image says of itself.</summary>
public sealed record ImageLineage
{
    [Description("Namespace and name of the training.")]
    public string? Training { get; init; }

    [Description("Uid of the training.")]
    public string? TrainingUid { get; init; }

    [Description("Digest of the data.")]
    public string? DatasetDigest { get; init; }

    [Description("Digest of the model file.")]
    public string? ModelDigest { get; init; }

    [Description("Image of the trainer, with its digest.")]
    public string? Trainer { get; init; }

    [Description("Digest of the trainer.")]
    public string? TrainerDigest { get; init; }

    [Description("Seed of the training.")]
    public string? Seed { get; init; }

    [Description("Cross-validated metrics of the model, as strings.")]
    public IReadOnlyDictionary<string, string>? Metrics { get; init; }

    [Description("The serving image under the model.")]
    public string? Base { get; init; }

    [Description("Digest of the base image.")]
    public string? BaseDigest { get; init; }
}

/// <summary>The canary. A restarted operator continues from this state.</summary>
public sealed record CanaryStatus
{
    [Description("Tag of the version that is tried.")]
    public string? Version { get; init; }

    [Description("Image that is tried: repository and digest.")]
    public required string Reference { get; init; }

    [Description("Digest of the image that is tried.")]
    public required string Digest { get; init; }

    [Description("Number of pods that try the version.")]
    public int? Replicas { get; init; }

    [Description("When all pods of the canary were ready for the first time.")]
    public DateTimeOffset? Since { get; init; }

    [Description(
        "Requests that the pods of the canary answered, but for those refused for overload (503); from 100 on rounded down to two digits.")]
    public long? Requests { get; init; }

    [Description("Requests to the canary that were answered with a status of 500 or above; from 100 on rounded down to two digits.")]
    public long? Errors { get; init; }
}

/// <summary>The run whose model the wanted pods serve.</summary>
public sealed record ServedModel
{
    [Description("Name of the training.")]
    public string? Training { get; init; }

    [Description("Number of the run.")]
    public int? Run { get; init; }

    [Description("Training and run in one, such as iris/3.")]
    public string? Source { get; init; }

    [Description("Digest of the model.")]
    public string? Digest { get; init; }

    [Description("Cross-validated accuracy of the run, such as 0.9533.")]
    public string? Accuracy { get; init; }

    [Description("Claim that holds the model. With it the model goes on being served when the training or its run is gone.")]
    public string? ClaimName { get; init; }

    [Description("Access mode of the claim: one that only one node can mount keeps the serving pods together.")]
    public string? ClaimAccessMode { get; init; }

    [Description("Folder of the model inside the claim.")]
    public string? Path { get; init; }
}

/// <summary>An image that all pods served. The last one of the history is what a failed rollout goes back to.</summary>
public sealed record ServedVersion
{
    [Description("Tag of the image that served; absent for a digest.")]
    public string? Version { get; init; }

    [Description("Image that served: repository and digest.")]
    public required string Reference { get; init; }

    [Description("Digest of the image that served.")]
    public required string Digest { get; init; }

    [Description("Digest of the model in it.")]
    public string? ModelDigest { get; init; }

    [Description("When all pods served the image, for the last time that it was rolled out.")]
    public DateTimeOffset? Since { get; init; }
}

/// <summary>
/// An image that failed and is not taken again, until a newer version comes or the annotation iris-operator.dev/release changes.
/// </summary>
public sealed record RejectedVersion
{
    [Description("Tag of the rejected image.")]
    public string? Version { get; init; }

    [Description("Digest of the rejected image.")]
    public required string Digest { get; init; }

    [Description("Why the image was rejected, in one word.")]
    public required string Reason { get; init; }

    [Description("Why the image was rejected, in the words of the server or of kubelet.")]
    public string? Message { get; init; }

    [Description("When the image was rejected.")]
    public DateTimeOffset? Time { get; init; }
}
