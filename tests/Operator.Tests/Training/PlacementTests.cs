using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests.Training;

/// <summary>What spec.trainer says about pods reaches the Jobs that it is for, and no other.</summary>
public sealed class PlacementTests
{
    [Fact]
    public void shared_memory_is_a_volume_in_memory_of_the_container_that_trains()
    {
        var (train, others) = Jobs(new TrainerSpec { SharedMemory = "512Mi" });

        var volume = Assert.Single(train.Spec.Template.Spec.Volumes, volume => volume.EmptyDir?.Medium == "Memory");
        Assert.Equal("512Mi", volume.EmptyDir.SizeLimit.ToString());
        Assert.Equal(volume.Name, Mounts(train).Single(mount => mount.MountPath == "/dev/shm").Name);
        Assert.All(others, job => Assert.DoesNotContain(Mounts(job), mount => mount.MountPath == "/dev/shm"));
    }

    [Fact]
    public void runtime_class_and_priority_class_are_those_of_the_pod_that_trains()
    {
        var (train, others) = Jobs(new TrainerSpec { RuntimeClassName = "nvidia", PriorityClassName = "low" });

        Assert.Equal(("nvidia", "low"), Classes(train));
        Assert.All(others, job => Assert.Equal((null, null), Classes(job)));

        static (string?, string?) Classes(V1Job job) =>
            (job.Spec.Template.Spec.RuntimeClassName, job.Spec.Template.Spec.PriorityClassName);
    }

    [Fact]
    public void all_jobs_run_on_the_nodes_that_are_selected_and_tolerated()
    {
        var toleration = new TolerationSpec { Key = "gpu", Operator = "Equal", Value = "a", Effect = "NoExecute", TolerationSeconds = 5 };
        var selector = new Dictionary<string, string> { ["pool"] = "gpu" };
        var (train, others) = Jobs(new TrainerSpec { NodeSelector = selector, Tolerations = [toleration] });

        Assert.All([train, .. others], job =>
        {
            var pod = job.Spec.Template.Spec;
            Assert.Equal(selector, pod.NodeSelector);
            var tolerated = Assert.Single(pod.Tolerations);
            Assert.Equal(
                ("gpu", "Equal", "a", "NoExecute", 5),
                (tolerated.Key, tolerated.OperatorProperty, tolerated.Value, tolerated.Effect, tolerated.TolerationSeconds));
        });
    }

    [Fact]
    public void pods_that_mount_the_models_run_as_the_user_that_writes_them()
    {
        var (train, others) = Jobs(new TrainerSpec { RunAsUser = 1000 });

        Assert.Equal([1000, 1000, 1000, 65532], new[] { train }.Concat(others).Select(UserOf));
        Assert.All([train, .. others], job => Assert.Equal(65532, job.Spec.Template.Spec.SecurityContext.FsGroup));
    }

    [Fact]
    public void a_user_that_is_named_is_taken_where_the_platform_assigns_others()
    {
        var options = Scene.Options with { PlatformUserIds = true };

        Assert.Equal(1000, UserOf(TrainingJob.Train(Training(new TrainerSpec { RunAsUser = 1000 }), Scene.Run, options)));
        Assert.Null(UserOf(TrainingJob.Train(Training(new TrainerSpec()), Scene.Run, options)));
    }

    [Fact]
    public void labels_for_a_queue_are_on_the_job_that_trains_and_on_nothing_else()
    {
        const string Queue = "kueue.x-k8s.io/queue-name";
        var labels = new Dictionary<string, string> { [Queue] = "flowers", ["iris-operator.dev/training"] = "other" };
        var (train, others) = Jobs(new TrainerSpec { JobLabels = labels });

        Assert.Equal(("flowers", "iris"), (train.Metadata.Labels[Queue], train.Metadata.Labels["iris-operator.dev/training"]));
        Assert.Null(train.Spec.Suspend);
        Assert.DoesNotContain(Queue, train.Spec.Template.Metadata.Labels.Keys);
        Assert.All(others, job => Assert.DoesNotContain(Queue, job.Metadata.Labels.Keys));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void a_gpu_is_requested_and_limited_alike_however_it_is_asked_for(bool isLimit, bool isRequest)
    {
        var gpu = new Dictionary<string, string> { ["nvidia.com/gpu"] = "1" };
        var asked = new ResourceSpec { Limits = isLimit ? gpu : null, Requests = isRequest ? gpu : null };
        var (train, others) = Jobs(new TrainerSpec { Resources = asked });

        var given = train.Spec.Template.Spec.Containers[0].Resources;
        Assert.Equal(("1", "1"), ($"{given.Limits["nvidia.com/gpu"]}", $"{given.Requests["nvidia.com/gpu"]}"));
        Assert.All(others, job => Assert.DoesNotContain("nvidia.com/gpu", job.Spec.Template.Spec.Containers[0].Resources.Limits.Keys));
    }

    [Fact]
    public void what_a_pod_gets_starts_no_run()
    {
        var map = new Dictionary<string, string> { ["a"] = "b" };
        TrainerSpec[] trainers =
        [
            new(), new() { SharedMemory = "1Gi" }, new() { RuntimeClassName = "a" }, new() { PriorityClassName = "a" },
            new() { NodeSelector = map }, new() { Tolerations = [new()] }, new() { RunAsUser = 1 }, new() { JobLabels = map },
            new() { PodLabels = map }, new() { PodAnnotations = map }, new() { Resources = new() { Limits = map } },
        ];

        Assert.Single(trainers.Select(trainer => TrainingInputs.Hash(Training(trainer))).Distinct());
        Assert.Equal(trainers.Length, trainers.Select(TrainingInputs.PodHash).Distinct().Count());
    }

    [Fact]
    public void a_job_says_nothing_of_its_pod_where_the_spec_says_nothing()
    {
        var image = new ImageSpec { Repository = "registry.test/mine", Version = "1.2.3" };

        Assert.Null(TrainingInputs.PodHash(null));
        Assert.Null(TrainingInputs.PodHash(new TrainerSpec { Image = image, NodeSelector = new Dictionary<string, string>() }));
    }

    private static long? UserOf(V1Job job) => job.Spec.Template.Spec.SecurityContext.RunAsUser;

    private static IEnumerable<V1VolumeMount> Mounts(V1Job job) => job.Spec.Template.Spec.Containers[0].VolumeMounts;

    private static IrisTraining Training(TrainerSpec trainer) => new()
    {
        Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "default", Uid = "u" },
        Spec = new IrisTrainingSpec
        {
            Dataset = new DatasetSource { ClaimName = "d" },
            Trainer = trainer,
            Publish = new PublishSpec { Repository = "registry.test/iris", Version = "1.0", Retain = 3 },
        },
    };

    /// <returns>The Job that trains; those that publish, remove folders and remove versions: the last mounts no claim.</returns>
    private static (V1Job Train, V1Job[] Others) Jobs(TrainerSpec trainer)
    {
        var training = Training(trainer);
        return (TrainingJob.Train(training, Scene.Run, Scene.Options),
        [
            TrainingJob.Publish(training, "p", Scene.Run, Scene.Options),
            TrainingJob.PruneModels(training, "m", Scene.Run, [], Scene.Options),
            TrainingJob.Prune(training, "r", [], Scene.Options),
        ]);
    }
}
