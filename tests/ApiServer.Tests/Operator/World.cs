using System.Text.Json.Nodes;
using System.Text.Json;
using IrisOperator.Kube.Crd;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>A namespace of a test, with the custom resources installed, and words for what a user does and sees there.</summary>
internal sealed class World : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(45);
    private static readonly SemaphoreSlim _installing = new(1);
    private static bool _installed;

    private World(KubeClient client, string space)
    {
        Client = client;
        Space = space;
    }

    /// <summary>A training whose model becomes an image.</summary>
    public static IrisTrainingSpec Publishing { get; } = new()
    {
        Dataset = new DatasetSource { ClaimName = "iris-data", Path = "iris.csv" },
        Publish = new PublishSpec
        {
            Repository = "registry.test/iris",
            Version = "1.0",
            Base = new BaseImageSpec { Repository = "registry.test/serving", Version = "1.x" },
        },
    };

    public KubeClient Client { get; }

    public string Space { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<World> CreateAsync(ControlPlaneFixture fixture)
    {
        var client = fixture.Plane.CreateClient();
        await InstallAsync(client);
        var world = new World(client, await fixture.CreateNamespaceAsync(client, Stop));
        await world.CreateClaimAsync("iris-data");
        return world;
    }

    public ObjectKey Key(string name) => new(Space, name);

    public Task<V1PersistentVolumeClaim> CreateClaimAsync(string name) => Client.CreateAsync(
        new V1PersistentVolumeClaim
        {
            Metadata = Meta(name),
            Spec = new V1PersistentVolumeClaimSpec
            {
                AccessModes = ["ReadWriteOnce"],
                Resources = new V1VolumeResourceRequirements
                {
                    Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = "1Gi" },
                },
            },
        },
        Stop);

    /// <summary>A model in an image by digest, which waits for nothing.</summary>
    public static IrisModelSpec FixedImage { get; } = new()
    {
        Image = new ModelImageSpec { Repository = "registry.test/iris", Version = $"sha256:{new string('a', 64)}" },
    };

    public V1ObjectMeta Meta(string name) => new() { Name = name, NamespaceProperty = Space };

    public Task<IrisTraining> CreateTrainingAsync(string name = "iris", IrisTrainingSpec? spec = null) => Client.CreateAsync(
        new IrisTraining
        {
            Metadata = Meta(name),
            Spec = spec ?? new IrisTrainingSpec { Dataset = new DatasetSource { ClaimName = "iris-data", Path = "iris.csv" } },
        },
        Stop);

    public Task<IrisModel> CreateModelAsync(string name = "iris", IrisModelSpec? spec = null) => Client.CreateAsync(
        new IrisModel
        {
            Metadata = Meta(name),
            Spec = spec ?? new IrisModelSpec
            {
                Replicas = 3,
                Model = new ModelSource { TrainingRef = new TrainingReference { Name = "iris" } },
            },
        },
        Stop);

    public Task<T> PatchAsync<T>(string name, string json)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Client.PatchAsync<T>(Key(name), JsonNode.Parse(json)!.AsObject(), null, Stop);

    public async Task DeleteAsync<T>(string name)
        where T : class, IKubernetesObject<V1ObjectMeta> => await Client.DeleteAsync<T>(Key(name), new DeleteOptions { Uid = null }, Stop);

    public async Task<IReadOnlyList<T>> ListAsync<T>()
        where T : class, IKubernetesObject<V1ObjectMeta> => (await Client.ListAsync<T>(NamespaceScope.In(Space), null, Stop)).Items;

    /// <summary>Polls until the object is as said; fails with its last state.</summary>
    public async Task<T> UntilAsync<T>(string name, Func<T, bool> holds)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var last = default(T);
        await UntilAsync(
            $"{Kind<T>.Definition.Kind} {name}",
            async () => (last = await Client.GetAsync<T>(Key(name), Stop)) is not null && holds(last),
            () => Print(last));
        return last!;
    }

    public static async Task UntilAsync(string what, Func<Task<bool>> holds, Func<string>? state = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(began) < Deadline,
                $"{what} is not as it should be after {Deadline.TotalSeconds} s: {state?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }

    public Task<IrisTraining> UntilTrainingAsync(string reason, string name = "iris") =>
        UntilAsync<IrisTraining>(name, training => Ready(training.Status?.Conditions)?.Reason == reason);

    public Task<IrisModel> UntilModelAsync(string reason, string name = "iris") =>
        UntilAsync<IrisModel>(name, model => Ready(model.Status?.Conditions)?.Reason == reason);

    /// <summary>Returns when the operator has worked through everything that happened before: it takes keys in their order.</summary>
    public async Task UntilCaughtUpAsync()
    {
        var name = $"marker-{Guid.NewGuid():N}"[..20];
        await CreateTrainingAsync(name, new IrisTrainingSpec { Dataset = new DatasetSource() });
        await CreateModelAsync(
            name, new IrisModelSpec { Image = new ModelImageSpec { Repository = "registry.test/x", Version = "latest" } });
        await UntilTrainingAsync("InvalidSpec", name);
        await UntilModelAsync("InvalidSpec", name);
        await DeleteAsync<IrisTraining>(name);
        await DeleteAsync<IrisModel>(name);
    }

    /// <summary>Of a step that follows a run; null where it was never due.</summary>
    public static string? StateOf(IrisTraining training, string task) =>
        training.Status?.Steps?.FirstOrDefault(step => step.Task == task)?.State;

    public static V1Condition? Ready(IReadOnlyList<V1Condition>? conditions) =>
        conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);

    public void Dispose() => Client.Dispose();

    private static string Print<T>(T? obj)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        obj is null ? "it does not exist" : JsonSerializer.Serialize(obj, Kind<T>.JsonTypeInfo);

    private static async Task InstallAsync(KubeClient client)
    {
        await _installing.WaitAsync(Stop);
        try
        {
            if (_installed)
            {
                return;
            }

            foreach (var type in new[] { typeof(IrisTraining), typeof(IrisModel) })
            {
                var json = Yaml.ToJson(CrdBuilder.Build(type));
                var name = (string)json["metadata"]!["name"]!;
                var definition = new CustomResourceDefinition
                {
                    Metadata = new V1ObjectMeta { Name = name },
                    Spec = json["spec"]!.DeepClone().AsObject(),
                };
                await client.CreateAsync(definition, Stop);
                while ((await client.GetAsync<CustomResourceDefinition>(new ObjectKey(null, name), Stop))?.Status?["conditions"]?.AsArray()
                    .Any(condition => (string?)condition!["type"] == "Established" && (string?)condition["status"] == "True") != true)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
                }
            }

            _installed = true;
        }
        finally
        {
            _installing.Release();
        }
    }
}
