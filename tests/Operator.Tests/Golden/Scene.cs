using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Resources;
using IrisOperator.Operator.Registries;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests.Golden;

/// <summary>
/// Turns a short seen.yaml into what an observer would have seen. $INPUTS, $JOB1, $JOB2 … stand for what the training in the story
/// hashes to; <c>current: true</c> on a child stands for the child as the operator would apply it, with the rest laid over it.
/// <c>image</c> on a canary is what it runs when that is not what is to be tried; <c>track: canary</c> on a pod makes it one of its pods.
/// </summary>
internal static partial class Scene
{
    public static readonly OperatorOptions Options = new()
    {
        TrainerImage = "registry.test/iris-trainer:0.1.0",
        ServingImage = "registry.test/iris-serving:0.1.0",
    };

    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly TrainingRun Run = new()
    {
        Number = 1,
        JobName = "iris-1",
        InputsHash = "h",
        State = RunState.Accepted,
        ClaimName = "c",
        ModelPath = "iris/iris-1",
    };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new TimeConverter(), new TimeOffsetConverter() },
    };

    /// <summary>Those of every story, with what <c>installation</c> in the story sets.</summary>
    public static OperatorOptions OptionsOf(JsonObject story)
    {
        var all = JsonSerializer.SerializeToNode(Options, Json)!.AsObject();
        Merge(all, story["installation"]?.AsObject() ?? []);
        return all.Deserialize<OperatorOptions>(Json)!;
    }

    public static ObservedTraining Training(JsonObject story)
    {
        Complete(story["training"]!, "IrisTraining");
        var training = story["training"].Deserialize<IrisTraining>(Json)!;
        var text = Placeholder().Replace(story.ToJsonString(), match => match.Value == "$INPUTS"
            ? TrainingInputs.Hash(training)
            : TrainingInputs.JobName(training, int.Parse(match.Groups[1].ValueSpan, null), TrainingInputs.Hash(training)));
        var full = JsonNode.Parse(text)!.AsObject();
        foreach (var job in Items(full, "jobs"))
        {
            Complete(job, "Job");
            job["metadata"]!["ownerReferences"] ??= Owner("IrisTraining", training.Metadata);
        }

        foreach (var pod in Items(full, "pods"))
        {
            pod["metadata"] ??= new JsonObject { ["name"] = "pod", ["uid"] = "pod-uid" };
            pod["metadata"]!["ownerReferences"] ??= Owner("Job", new V1ObjectMeta { Name = "job", Uid = "job-uid" });
        }

        return full.Deserialize<ObservedTraining>(Json)!;
    }

    public static ObservedModel Model(JsonObject story)
    {
        Complete(story["model"]!, "IrisModel");
        Complete(story["training"], "IrisTraining");
        var bare = new ObservedModel
        {
            Model = story["model"].Deserialize<IrisModel>(Json)!,
            Training = story["training"]?.Deserialize<IrisTraining>(Json),
            Image = story["image"]?.Deserialize<ImageView>(Json),
            PinnedImage = story["pinnedImage"]?.Deserialize<ImageView>(Json),
        };
        var context = new ModelContext(bare, OptionsOf(story), Now);
        var deployment = ModelDeployment.Build(
            bare.Model,
            context.Run,
            context.Choice.Image ?? new ServedImage { Reference = "registry.test/none" },
            context.Options);
        story["deployment"] = Live(story["deployment"], deployment);
        var canary = Canary(story["canary"] as JsonObject, context);
        story["canary"] = Live(story["canary"], canary);
        story["service"] = Live(story["service"], ModelService.Build(bare.Model));
        foreach (var pod in Items(story, "pods"))
        {
            var track = (string?)pod["track"];
            var revision = (string?)pod["revision"] == "current" ? ModelDeployment.Revision(track is null ? deployment : canary) : "older";
            pod["metadata"] ??= new JsonObject { ["name"] = "pod", ["uid"] = "pod-uid" };
            pod["metadata"]!["labels"] = new JsonObject { [Labels.Revision] = revision, [Labels.Track] = track };
        }

        return story.Deserialize<ObservedModel>(Json)!;
    }

    private static V1Deployment Canary(JsonObject? written, ModelContext context)
    {
        if (written?["image"] is { } image)
        {
            written.Remove("image");
            return ModelDeployment.BuildCanary(context.Model, new ServedImage { Reference = (string?)image }, replicas: 1, context.Options);
        }

        var served = context.Choice.Image ?? new ServedImage { Reference = "registry.test/none" };
        return context.Canary?.Rollout.Wanted ?? ModelDeployment.BuildCanary(context.Model, served, replicas: 1, context.Options);
    }

    private static JsonObject? Live<T>(JsonNode? written, T wanted)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (written is null || (bool?)written["current"] != true)
        {
            var given = written?.DeepClone().AsObject();
            given?.TryAdd("kind", Kind<T>.Definition.Kind);
            return given;
        }

        var live = JsonSerializer.SerializeToNode(wanted, Kind<T>.JsonTypeInfo)!.AsObject();
        live["metadata"]!["generation"] = 1;
        Merge(live, written.AsObject());
        live.Remove("current");
        return live;
    }

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && into[name] is JsonObject outer)
            {
                Merge(outer, inner);
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }

    private static void Complete(JsonNode? obj, string kind)
    {
        if (obj is null)
        {
            return;
        }

        var metadata = (obj["metadata"] ??= new JsonObject()).AsObject();
        metadata["name"] ??= "iris";
        metadata["namespace"] ??= "default";
        metadata["uid"] ??= kind switch { "Job" => "job-uid", "IrisModel" => "model-uid", _ => "training-uid" };
        metadata["generation"] ??= 1;
    }

    private static JsonArray Owner(string kind, V1ObjectMeta owner) =>
        [new JsonObject { ["apiVersion"] = "v1", ["kind"] = kind, ["name"] = owner.Name, ["uid"] = owner.Uid, ["controller"] = true }];

    private static IEnumerable<JsonObject> Items(JsonObject story, string name) =>
        (story[name] as JsonArray ?? []).Select(item => item!.AsObject());

    [GeneratedRegex(@"\$INPUTS|\$JOB([0-9]+)")]
    private static partial Regex Placeholder();
}
