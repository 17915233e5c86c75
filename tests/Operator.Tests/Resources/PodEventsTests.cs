using IrisOperator.Operator.Resources;
using Microsoft.Extensions.Time.Testing;

namespace IrisOperator.Operator.Tests.Resources;

public sealed class PodEventsTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    // Two old pods that do not start took both places, and why the new version does not was not found.
    [Fact]
    public void old_pods_do_not_hide_why_new_ones_do_not_start() => Assert.Equal(
        ["new-1", "new-2"],
        PodEvents.ToAsk([Pod("a-old-1", 900), Pod("a-old-2", 800), Pod("new-1", 10), Pod("new-2", 20), Pod("young", 1)], Now)
            .Select(pod => pod.Metadata.Name));

    // Field report: a quota refused the pods of a Job, and the condition said for ever that the run was going on.
    [Theory]
    [InlineData(1, null)]
    [InlineData(10, "Error creating: pods is forbidden: exceeded quota: small, limited: pods=0")]
    public async Task why_a_job_has_no_pods_is_told_in_the_servers_words_after_a_few_seconds(int age, string? expected)
    {
        var job = new V1Job
        {
            Metadata = new V1ObjectMeta { NamespaceProperty = "default", Uid = "job-uid", CreationTimestamp = Now.AddSeconds(-age) },
        };
        var events = new PodEvents(new QuotaEvents(), new FakeTimeProvider(Now));

        var read = await events.ReadAsync([], TestContext.Current.CancellationToken, job);

        Assert.Equal(expected, PodProblems.OfCreation(job, read)?.Message);
    }

    [Theory]
    [InlineData("""Error creating: pods "iris-x-1" is forbidden: maximum memory usage per Container is 64Mi, but limit is 1Gi""", true)]
    [InlineData("""Error creating: pods "iris-x-1" is forbidden: violates PodSecurity "restricted:latest": seccompProfile""", true)]
    [InlineData("""Error creating: Internal error occurred: failed calling webhook "mesh": connection refused""", false)]
    public void what_a_rule_of_the_namespace_refuses_waits_for_the_user(string message, bool expected)
    {
        var job = new V1Job { Metadata = new V1ObjectMeta { Uid = "job-uid" } };

        Assert.Equal(expected, PodProblems.OfCreation(job, [Event(message)])!.RequiresUserAction);
    }

    private static V1Pod Pod(string name, int age) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, CreationTimestamp = Now.AddSeconds(-age) },
        Status = new V1PodStatus
        {
            Phase = "Pending",
            Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "True" }],
        },
    };

    private static Corev1Event Event(string message) => new()
    {
        Metadata = new V1ObjectMeta { Name = "e" },
        InvolvedObject = new V1ObjectReference { Uid = "job-uid" },
        Type = "Warning",
        Reason = "FailedCreate",
        Message = message,
    };

    private sealed class QuotaEvents : IKubeReader
    {
        public Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

        public Task<PartialObjectMetadata?> GetMetadataAsync<T>(ObjectKey key, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => throw new NotSupportedException();

        public Task<KubeList<T>> ListAsync<T>(NamespaceScope scope, ListOptions? options, CancellationToken cancellationToken)
            where T : class, IKubernetesObject<V1ObjectMeta> => Task.FromResult(new KubeList<T>(
                options?.FieldSelector == "involvedObject.uid=job-uid"
                    ? [(T)(object)Event("""Error creating: pods "iris-x-1" is forbidden: exceeded quota: small, limited: pods=0""")]
                    : [],
                "1",
                []));
    }
}
