using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests.Training;

/// <summary>What no pod can have is refused by the name of its field, and not by the server when a run is due.</summary>
public sealed class TrainerValidatorTests
{
    [Theory]
    [InlineData("512Mi", null)]
    [InlineData("1Gi", null)]
    [InlineData("1Mi", null)]
    [InlineData("0", "at least 1Mi")]
    [InlineData("2", "at least 1Mi")]
    [InlineData("-1Gi", "at least 1Mi")]
    [InlineData("much", "at least 1Mi")]
    [InlineData("1025Mi", "raise spec.trainer.resources.limits.memory (1Gi unless set)")]
    public void shared_memory_is_a_part_of_the_memory(string size, string? problem) =>
        Expect(new TrainerSpec { SharedMemory = size }, "spec.trainer.sharedMemory", problem);

    [Theory]
    [InlineData("4Gi", null, true)]
    [InlineData(null, "4Gi", true)]
    [InlineData("1Gi", null, false)]
    [InlineData("1Gi", "4Gi", false)]
    public void shared_memory_is_measured_by_the_limit_that_the_container_gets(string? limit, string? request, bool isEnough)
    {
        var resources = new ResourceSpec { Limits = Memory(limit), Requests = Memory(request) };

        var problem = isEnough ? null : "is more than all memory of the container";
        Expect(new TrainerSpec { SharedMemory = "3Gi", Resources = resources }, "spec.trainer.sharedMemory", problem);

        static Dictionary<string, string>? Memory(string? size) => size is null ? null : new() { ["memory"] = size };
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(int.MaxValue, null)]
    [InlineData(0, "0 is root")]
    [InlineData(-1, "must be from 1 to 2147483647, found -1")]
    [InlineData(int.MaxValue + 1L, "must be from 1 to 2147483647")]
    public void the_user_is_not_root(long user, string? problem) =>
        Expect(new TrainerSpec { RunAsUser = user }, "spec.trainer.runAsUser", problem);

    [Theory]
    [InlineData("cpu", "0.5", null)]
    [InlineData("ephemeral-storage", "1Gi", null)]
    [InlineData("hugepages-2Mi", "4Mi", null)]
    [InlineData("nvidia.com/gpu", "1", null)]
    [InlineData("nvidia.com/mig-1g.5gb", "2", null)]
    [InlineData("gpu", "1", "devices by their full name such as nvidia.com/gpu")]
    [InlineData("GPU.com/gpu", "1", "is no resource")]
    [InlineData("kubernetes.io/gpu", "1", "is no resource")]
    [InlineData("requests.nvidia.com/gpu", "1", "is no resource")]
    [InlineData("hugepages-many", "1", "is no resource")]
    [InlineData("nvidia.com/gpu", "0.5", "must be a whole number, found \"0.5\"")]
    [InlineData("nvidia.com/gpu", "one", "is no quantity")]
    public void resources_have_the_names_that_kubernetes_knows(string name, string value, string? problem)
    {
        var values = new Dictionary<string, string> { [name] = value };

        Expect(new TrainerSpec { Resources = new ResourceSpec { Limits = values } }, $"spec.trainer.resources.limits.{name}", problem);
        Expect(new TrainerSpec { Resources = new ResourceSpec { Requests = values } }, $"spec.trainer.resources.requests.{name}", problem);
    }

    [Fact]
    public void a_gpu_that_is_requested_is_the_one_of_the_limit()
    {
        var resources = new ResourceSpec
        {
            Requests = new Dictionary<string, string> { ["nvidia.com/gpu"] = "1" },
            Limits = new Dictionary<string, string> { ["nvidia.com/gpu"] = "2" },
        };

        Expect(
            new TrainerSpec { Resources = resources },
            "spec.trainer.resources.requests.nvidia.com/gpu",
            "must be the limit, which is \"2\"");
    }

    [Theory]
    [InlineData("team", "flowers", null)]
    [InlineData("example.com/team", "", null)]
    [InlineData("kueue.x-k8s.io/queue-name", "a.b_c-d", null)]
    [InlineData("team", "-", "is not a valid value")]
    [InlineData("team", "two words", "is not a valid value")]
    [InlineData("team", "line\n", "is not a valid value")]
    public void labels_and_selectors_have_values_that_kubernetes_takes(string key, string value, string? problem)
    {
        var map = new Dictionary<string, string> { [key] = value };

        Expect(new TrainerSpec { JobLabels = map }, $"spec.trainer.jobLabels.{key}", problem);
        Expect(new TrainerSpec { PodLabels = map }, $"spec.trainer.podLabels.{key}", problem);
        Expect(new TrainerSpec { NodeSelector = map }, $"spec.trainer.nodeSelector.{key}", problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a/b/c")]
    [InlineData("Example.com/team")]
    [InlineData("/team")]
    public void keys_of_labels_and_annotations_are_those_that_kubernetes_takes(string key)
    {
        var map = new Dictionary<string, string> { [key] = "x" };

        Expect(new TrainerSpec { JobLabels = map }, "spec.trainer.jobLabels", "is not a valid key");
        Expect(new TrainerSpec { PodLabels = map }, "spec.trainer.podLabels", "is not a valid key");
        Expect(new TrainerSpec { PodAnnotations = map }, "spec.trainer.podAnnotations", "is not a valid key");
        Expect(new TrainerSpec { NodeSelector = map }, "spec.trainer.nodeSelector", "is not a valid key");
        Expect(
            new TrainerSpec { Tolerations = [new() { Key = key }] },
            "spec.trainer.tolerations[0].key",
            key.Length == 0 ? "is missing; only operator Exists needs none" : "is not a valid key");
    }

    [Theory]
    [InlineData("Equal", "x", "NoExecute", 5L, null, null)]
    [InlineData(null, null, null, null, null, null)]
    [InlineData("Exists", null, "NoSchedule", null, null, null)]
    [InlineData("Is", null, null, null, "operator", "neither Equal nor Exists")]
    [InlineData("Equal", "two words", null, null, "value", "is not a valid value")]
    [InlineData("Exists", "x", null, null, "value", "omit it with Exists")]
    [InlineData("Equal", "x", "Never", null, "effect", "none of NoSchedule, PreferNoSchedule and NoExecute")]
    [InlineData("Equal", "x", "NoSchedule", 5L, "tolerationSeconds", "needs the effect NoExecute")]
    public void tolerations_are_those_of_a_pod(string? how, string? value, string? effect, long? seconds, string? field, string? problem)
    {
        var toleration = new TolerationSpec { Key = "gpu", Operator = how, Value = value, Effect = effect, TolerationSeconds = seconds };

        Expect(new TrainerSpec { Tolerations = [new() { Key = "fine" }, toleration] }, $"spec.trainer.tolerations[1].{field}", problem);
    }

    [Fact]
    public void a_toleration_of_everything_needs_no_key() =>
        Expect(new TrainerSpec { Tolerations = [new() { Operator = "Exists" }] }, "", null);

    [Theory]
    [InlineData("nvidia", null)]
    [InlineData("Nvidia", "\"Nvidia\" is not a valid object name")]
    public void classes_have_names_of_objects(string name, string? problem)
    {
        Expect(new TrainerSpec { RuntimeClassName = name }, "spec.trainer.runtimeClassName", problem);
        Expect(new TrainerSpec { PriorityClassName = name }, "spec.trainer.priorityClassName", problem);
    }

    private static void Expect(TrainerSpec trainer, string path, string? problem)
    {
        var errors = TrainingValidator.Check(
            new IrisTraining
            {
                Metadata = new V1ObjectMeta { Name = "iris" },
                Spec = new IrisTrainingSpec { Dataset = new DatasetSource { ClaimName = "d" }, Trainer = trainer },
            },
            Scene.Options);
        if (problem is null)
        {
            Assert.Empty(errors);
            return;
        }

        var error = Assert.Single(errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
    }
}
