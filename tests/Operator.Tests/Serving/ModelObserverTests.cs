using IrisOperator.Kube.Runtime;
using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Cache;
using IrisOperator.Operator.Registries;
using IrisOperator.Operator.Resources;
using IrisOperator.Operator.Serving;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Operator.Tests.Serving;

public sealed class ModelObserverTests
{
    private static readonly IrisModel Model = new()
    {
        Metadata = new V1ObjectMeta { Name = "iris", NamespaceProperty = "default", Uid = "u" },
        Spec = new IrisModelSpec(),
    };

    // Anybody's pod with the label counted as trouble of the model, and was sent requests at an address of its choice.
    [Theory]
    [InlineData("ReplicaSet", "iris-5d4f8c7b6", true)]
    [InlineData("ReplicaSet", "iris-canary-5d4f8c7b6", true)]
    [InlineData("ReplicaSet", "iris-other", false)]
    [InlineData("ReplicaSet", "other-5d4f8c7b6", false)]
    [InlineData("ReplicaSet", "iris-two-5d4f8c7b6", false)]
    [InlineData("Job", "iris-5d4f8c7b6", false)]
    [InlineData(null, null, false)]
    public void a_pod_that_only_bears_the_label_is_not_the_models(string? kind, string? owner, bool expected)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Labels = new Dictionary<string, string> { ["pod-template-hash"] = "5d4f8c7b6" },
                OwnerReferences = kind is null
                    ? null
                    : [new V1OwnerReference { ApiVersion = "v1", Kind = kind, Name = owner!, Uid = "r", Controller = true }],
            },
        };

        Assert.Equal(expected, ModelObserver.IsServing(pod, Model));
    }

    // What somebody else's pod has to say is no trouble of the model, and is not asked for.
    [Fact]
    public async Task events_are_read_of_the_models_own_pods_that_do_not_start()
    {
        var about = new V1ObjectReference();
        var warning = new Corev1Event { Metadata = new V1ObjectMeta { Name = "e" }, Type = "Warning", InvolvedObject = about };
        var client = new ScriptedClient(("list Event default", new[] { warning }));

        var observed = await ObserveAsync(
            client,
            Pod("starts", "iris-5d4f8c7b6", "Pending"),
            Pod("runs", "iris-5d4f8c7b6", "Running"),
            Pod("foreign", "other-5d4f8c7b6", "Pending"));

        Assert.Equal(["runs", "starts"], observed.Pods.Select(pod => pod.Metadata.Name));
        Assert.Single(observed.Events);
        Assert.Empty(client.Left);
    }

    private static async Task<ObservedModel> ObserveAsync(ScriptedClient client, params V1Pod[] pods)
    {
        using var host = new OperatorHost(
            client, new OperatorHostOptions { Name = "test" }, NullLoggerFactory.Instance, TimeProvider.System, () => 0.5);
        using var metrics = new PodMetricsClient(TimeProvider.System);
        var stores = new Stores(host, [], []);
        ((Store<V1Pod>)stores.Pods).Replace(pods);
        var registries = new RepositoryPoller(
            new RegistryImageSource(() => throw new NotSupportedException()), _ => [], NullLogger<RepositoryPoller>.Instance,
            TimeProvider.System, () => 0.5);
        return await new ModelObserver(stores, new PodEvents(client, TimeProvider.System), registries, metrics)
            .ObserveAsync(Model, TestContext.Current.CancellationToken);
    }

    private static V1Pod Pod(string name, string owner, string phase) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = "default",
            Uid = name,
            CreationTimestamp = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1),
            Labels = new Dictionary<string, string> { [Labels.Model] = "iris", ["pod-template-hash"] = "5d4f8c7b6" },
            OwnerReferences =
                [new V1OwnerReference { ApiVersion = "apps/v1", Kind = "ReplicaSet", Name = owner, Uid = "r", Controller = true }],
        },
        Status = new V1PodStatus { Phase = phase, Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "True" }] },
    };
}
