using IrisOperator.Operator.Resources;

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

    private static V1Pod Pod(string name, int age) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, CreationTimestamp = Now.AddSeconds(-age) },
        Status = new V1PodStatus
        {
            Phase = "Pending",
            Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "True" }],
        },
    };
}
