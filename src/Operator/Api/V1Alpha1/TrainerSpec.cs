using System.Text.Json.Serialization;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>
/// Any image whose program takes the options of our own and reports through its termination message; with command or args any program
/// that leaves a model in a folder.
/// </summary>
public sealed record TrainerSpec
{
    [Description("Image of the trainer. Omitted: the one that the operator was installed with.")]
    public ImageSpec? Image { get; init; }

    [Description(
        "Program of the image, in place of its entry point. With command or args the image may train in its own way: it finds the data at "
        + "$(IRIS_INPUT) and leaves a model in the folder $(IRIS_OUTPUT), which the operator's trainer takes over, judges and records. "
        + "Both are variables, as are IRIS_SEED, IRIS_ALGORITHM and IRIS_PARAM_<name>. Needs image.")]
    public IReadOnlyList<string>? Command { get; init; }

    [Description("Arguments of the program, such as [train.py, $(IRIS_INPUT), $(IRIS_OUTPUT)]. See command.")]
    public IReadOnlyList<string>? Args { get; init; }

    [Description("More variables of the image that trains. Needs image.")]
    [ListMapKey("name")]
    public IReadOnlyList<EnvironmentVariable>? Env { get; init; }

    [Description(
        "Secrets of the same namespace with which nodes pull the images of this training's pods, beside those of the installation.")]
    [ListMapKey("name")]
    public IReadOnlyList<PullSecretReference>? ImagePullSecrets { get; init; }

    [Description("Annotations of the pods of all Jobs of the training, such as sidecar.istio.io/inject: \"false\".")]
    public IReadOnlyDictionary<string, string>? PodAnnotations { get; init; }

    [Description("Labels of the pods of all Jobs of the training. Those that the operator sets itself stay as they are.")]
    [Pattern(LabelValue.Pattern)]
    public IReadOnlyDictionary<string, string>? PodLabels { get; init; }

    [Description("Labels of the Job that trains, such as kueue.x-k8s.io/queue-name: team-a. Those of the operator stay as they are.")]
    [Pattern(LabelValue.Pattern)]
    public IReadOnlyDictionary<string, string>? JobLabels { get; init; }

    [Description("Requests and limits of the training container, such as limits: {memory: 8Gi, nvidia.com/gpu: 1}.")]
    public ResourceSpec? Resources { get; init; }

    [Description("Size of /dev/shm of the training container, such as 1Gi; part of its memory. Omitted: that of the container runtime.")]
    [Quantity, JsonConverter(typeof(NumberOrString))]
    public string? SharedMemory { get; init; }

    [Description("RuntimeClass of the pod that trains, such as nvidia. Omitted: the cluster's default.")]
    [MinLength(1), MaxLength(253)]
    public string? RuntimeClassName { get; init; }

    [Description("PriorityClass of the pod that trains. Omitted: the cluster's default.")]
    [MinLength(1), MaxLength(253)]
    public string? PriorityClassName { get; init; }

    [Description("Labels of the nodes on which all Jobs of the training run.")]
    [Pattern(LabelValue.Pattern)]
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    [Description("Taints of nodes that all Jobs of the training tolerate.")]
    public IReadOnlyList<TolerationSpec>? Tolerations { get; init; }

    [Description("User id of the Jobs that mount the models, for an image whose files belong to another user. Never 0, which is root.")]
    [Minimum(1), Maximum(2147483647)]
    public long? RunAsUser { get; init; }
}

/// <summary>As in a pod.</summary>
public sealed record TolerationSpec
{
    internal const string Equal = "Equal";
    internal const string Exists = "Exists";
    internal const string NoExecute = "NoExecute";

    [Description("Key of the taint. Omitted: any key, with the operator Exists.")]
    [MaxLength(317)]
    public string? Key { get; init; }

    [Description("Equal compares the value; Exists takes any.")]
    [Enumeration(Equal, Exists), Default(Equal)]
    public string? Operator { get; init; }

    [Description("Value of the taint. Omitted with Exists.")]
    [Pattern(LabelValue.Pattern)]
    public string? Value { get; init; }

    [Description("Effect of the taint. Omitted: any.")]
    [Enumeration("NoSchedule", "PreferNoSchedule", NoExecute)]
    public string? Effect { get; init; }

    [Description("How long a pod stays on a node that gets the taint NoExecute. Omitted: for ever.")]
    public long? TolerationSeconds { get; init; }
}

/// <summary>As in a pod, but for Secrets.</summary>
public sealed record EnvironmentVariable
{
    [Description("Name of the variable. Those that begin with IRIS_ are the operator's.")]
    [MinLength(1), MaxLength(253)]
    public required string Name { get; init; }

    [Description("Value of the variable. $(NAME) stands for a variable before it.")]
    public string? Value { get; init; }

    [Description("A key of a ConfigMap of the same namespace, in place of value.")]
    public ConfigMapKeyReference? ConfigMapKeyRef { get; init; }
}

/// <summary>A text in a ConfigMap.</summary>
public sealed record ConfigMapKeyReference
{
    [Description("Name of the ConfigMap.")]
    [MinLength(1), MaxLength(253)]
    public required string Name { get; init; }

    [Description("The key whose text is meant.")]
    [MinLength(1), MaxLength(253)]
    public required string Key { get; init; }
}

/// <summary>As in a pod.</summary>
public sealed record PullSecretReference
{
    [Description("Name of a Secret of type kubernetes.io/dockerconfigjson with which nodes pull images.")]
    [MinLength(1), MaxLength(253)]
    public required string Name { get; init; }
}
