using IrisOperator.Kube.Runtime.Controllers;
using static IrisOperator.Kube.Runtime.Tests.Leases;

namespace IrisOperator.Kube.Runtime.Tests.Controllers;

public sealed class PredicatesTests
{
    public static TheoryData<string, Func<V1ObjectMeta, V1ObjectMeta>, bool> Changes => new()
    {
        { "version only", meta => meta, false },
        { "generation", meta => meta with { Generation = 2 }, true },
        { "uid", meta => meta with { Uid = "other" }, true },
        { "deletion", meta => meta with { DeletionTimestamp = DateTime.UnixEpoch }, true },
        { "label", meta => meta with { Labels = new Dictionary<string, string> { ["a"] = "c" } }, true },
        { "same labels anew", meta => meta with { Labels = new Dictionary<string, string> { ["a"] = "b" } }, false },
        { "annotation", meta => meta with { Annotations = new Dictionary<string, string> { ["x"] = "y" } }, true },
        { "finalizer", meta => meta with { Finalizers = ["f"] }, true },
        { "owner", meta => meta with { OwnerReferences = [new V1OwnerReference { Uid = "u" }] }, true },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void status_only_changes_are_ignored(string name, Func<V1ObjectMeta, V1ObjectMeta> change, bool counts)
    {
        var before = Lease("a", "1") with
        {
            Metadata = Lease("a", "1").Metadata with { Labels = new Dictionary<string, string> { ["a"] = "b" } },
        };
        var after = before with { Metadata = change(before.Metadata with { ResourceVersion = "2" }) };

        Assert.True(counts == Predicates.IgnoreStatus(before, after), name);
    }

    [Fact]
    public void appearing_and_vanishing_always_count()
    {
        Assert.True(Predicates.IgnoreStatus(null, Lease("a", "1")));
        Assert.True(Predicates.IgnoreStatus(Lease("a", "1"), null));
    }
}
