using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Serving;

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
}
