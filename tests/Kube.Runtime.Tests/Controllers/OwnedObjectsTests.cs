using IrisOperator.Kube.Models;
using IrisOperator.Kube.Runtime.Controllers;

namespace IrisOperator.Kube.Runtime.Tests.Controllers;

/// <summary>Rules 10 and 11: one child for one owner, whatever is stale.</summary>
public sealed class OwnedObjectsTests
{
    private readonly V1Lease _owner = Leases.Lease("owner", "1");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task rule_10_second_create_finds_the_first()
    {
        var server = new OneChild();

        var first = await server.CreateOnceAsync(_owner, Child(_owner), Stop);
        var second = await server.CreateOnceAsync(_owner, Child(_owner), Stop);

        Assert.True(first.Created);
        Assert.False(second.Created);
        Assert.Equal(1, server.Created);
    }

    [Fact]
    public async Task rule_10_child_of_an_earlier_incarnation_is_not_adopted()
    {
        var server = new OneChild();
        await server.CreateOnceAsync(_owner with { Metadata = _owner.Metadata with { Uid = "old" } }, Child(_owner, "old"), Stop);

        var error = await Assert.ThrowsAsync<ReconcileException>(() => server.CreateOnceAsync(_owner, Child(_owner), Stop));

        Assert.Equal((ReconcileIntent.Stalled, "NameTaken"), (error.Intent, error.Reason));
    }

    [Fact]
    public async Task rule_10_child_that_is_being_deleted_is_waited_for()
    {
        var server = new OneChild();
        await server.CreateOnceAsync(_owner, Child(_owner), Stop);
        server.Child = server.Child! with { Metadata = server.Child.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };

        var error = await Assert.ThrowsAsync<ReconcileException>(() => server.CreateOnceAsync(_owner, Child(_owner), Stop));

        Assert.Equal(ReconcileIntent.Wait, error.Intent);
    }

    [Fact]
    public async Task child_without_its_owner_is_a_mistake_in_the_program() =>
        await Assert.ThrowsAsync<ArgumentException>(() => new OneChild().CreateOnceAsync(_owner, Child(_owner, "other"), Stop));

    [Fact]
    public async Task rule_11_delete_carries_uid_and_version_and_spares_what_is_not_ours()
    {
        var server = new OneChild();
        var child = Child(_owner) with { Metadata = Child(_owner).Metadata with { Uid = "child-uid", ResourceVersion = "9" } };

        await server.DeleteOwnedAsync(_owner, child, Stop);
        var error = await Assert.ThrowsAsync<ReconcileException>(() => server.DeleteOwnedAsync(_owner, Child(_owner, "other"), Stop));

        Assert.Equal(("child-uid", "9"), (server.Deleted!.Uid, server.Deleted.ResourceVersion));
        Assert.Equal(ReconcileIntent.Stalled, error.Intent);
    }

    private static V1Lease Child(V1Lease owner, string? uid = null) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Namespace = "ns",
            Name = "child",
            OwnerReferences = [owner.ToControllerReference() with { Uid = uid ?? owner.Metadata.Uid }],
        },
    };

    private sealed class OneChild : ClientStub
    {
        public V1Lease? Child { get; set; }

        public int Created { get; private set; }

        public DeleteOptions? Deleted { get; private set; }

        public override Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
            where T : class => Task.FromResult((T?)(object?)Child);

        public override Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
        {
            if (Child is not null)
            {
                throw Leases.Error(409, "AlreadyExists");
            }

            Created++;
            Child = (V1Lease)(object)obj;
            return Task.FromResult(obj);
        }

        public override Task<bool> DeleteAsync<T>(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken = default)
        {
            Deleted = options;
            return Task.FromResult(true);
        }
    }
}
