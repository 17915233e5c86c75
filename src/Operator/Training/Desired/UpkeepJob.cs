using IrisOperator.Kube.Models;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Children;

namespace IrisOperator.Operator.Training.Desired;

/// <summary>The job of an upkeep. Created once and never changed.</summary>
public static class UpkeepJob
{
    // Three tries at the publisher's own patience, and no volume that cannot be mounted holds it up for longer.
    private const long DeadlineSeconds = 1800;

    /// <summary>The same model on another base: what a run does last, without what it does first.</summary>
    public static V1Job Rebase(IrisTraining training, string jobName, TrainingRun run, OperatorOptions options) => Build(
        training,
        jobName,
        new Dictionary<string, string> { [Labels.Claim] = Names.LabelValue(run.ClaimName!) },
        new V1PodSpec
        {
            Affinity = PodDefaults.SameNodeFor(run.ClaimName, run.ClaimAccessMode),
            Containers = [RegistryPod.Publisher(training, run, options, rebase: true)],
            Volumes = [new V1Volume { Name = "models", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = run.ClaimName, ReadOnly = true } }],
        });

    private static V1Job Build(IrisTraining training, string jobName, IReadOnlyDictionary<string, string> podLabels, V1PodSpec pod)
    {
        var labels = Labels.For("iris-training", Labels.Training, training.Metadata.Name!);
        return new V1Job
        {
            Metadata = AppliedObject.MetadataFor(training, jobName, labels),
            Spec = new V1JobSpec
            {
                BackoffLimit = training.Spec.BackoffLimit ?? 2,
                ActiveDeadlineSeconds = DeadlineSeconds,
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string>(labels.Concat(podLabels)) },
                    Spec = pod with
                    {
                        RestartPolicy = "Never",
                        AutomountServiceAccountToken = false,
                        EnableServiceLinks = false,
                        SecurityContext = PodDefaults.PodSecurity,
                        Volumes = [.. pod.Volumes ?? [], new V1Volume { Name = "tmp", EmptyDir = new V1EmptyDirVolumeSource() }, .. RegistryPod.Volumes(training.Spec.Publish)],
                    },
                },
            },
        };
    }
}
