using IrisOperator.Kube.Runtime.Caching;
using static IrisOperator.Kube.Runtime.Tests.Leases;

namespace IrisOperator.Kube.Runtime.Tests.Caching;

public sealed class StoreTests
{
    private readonly Store<V1Lease> _store = new(new Dictionary<string, Func<V1Lease, IEnumerable<string>>>
    {
        ["holder"] = lease => lease.Spec?.HolderIdentity is { } holder ? [holder] : [],
    });

    private readonly List<string> _told = [];

    public StoreTests() => _store.Subscribe((before, after) =>
        _told.Add($"{before?.Metadata.ResourceVersion ?? "-"}>{after?.Metadata.ResourceVersion ?? "-"}"));

    [Fact]
    public void is_ready_after_the_first_list_even_if_it_is_empty()
    {
        Assert.False(_store.IsReady);
        _store.Apply(Lease("a", "1"));
        Assert.False(_store.IsReady);

        _store.Replace([]);

        Assert.True(_store.IsReady);
    }

    [Fact]
    public void relist_tells_what_vanished_as_deleted_and_what_stayed_not_at_all()
    {
        _store.Replace([Lease("a", "1"), Lease("b", "2"), Lease("c", "3")]);
        _told.Clear();

        _store.Replace([Lease("a", "1"), Lease("b", "5")]);

        Assert.Equal(["2>5", "3>-"], _told.Order());
        Assert.Null(_store.Get(Key("c")));
    }

    [Fact]
    public void relist_swaps_before_it_tells()
    {
        _store.Replace([Lease("a", "1")]);
        var sizes = new List<int>();
        _store.Subscribe((_, _) => sizes.Add(_store.Count));

        _store.Replace([Lease("b", "2"), Lease("c", "3"), Lease("d", "4")]);

        Assert.All(sizes, size => Assert.Equal(3, size));
    }

    [Fact]
    public void undecodable_objects_of_a_relist_keep_their_last_state()
    {
        _store.Replace([Lease("a", "1"), Lease("b", "2")]);
        _told.Clear();

        _store.Replace([Lease("a", "1")], [Key("b"), Key("never-seen")]);

        Assert.Equal("2", _store.Get(Key("b"))!.Metadata.ResourceVersion);
        Assert.Empty(_told);
    }

    [Fact]
    public void duplicates_are_told_once()
    {
        _store.Apply(Lease("a", "1"));
        _store.Apply(Lease("a", "1"));
        _store.Delete(Key("a"));
        _store.Delete(Key("a"));

        Assert.Equal(["->1", "1>-"], _told);
    }

    [Fact]
    public void index_follows_changes_and_deletions()
    {
        _store.Apply(Held("a", "1", "x"));
        _store.Apply(Held("b", "2", "x"));
        _store.Apply(Held("a", "3", "y"));

        Assert.Equal(["b"], _store.ByIndex("holder", "x").Select(lease => lease.Metadata.Name));
        Assert.Equal(["a"], _store.ByIndex("holder", "y").Select(lease => lease.Metadata.Name));
        _store.Delete(Key("b"));
        Assert.Empty(_store.ByIndex("holder", "x"));
        Assert.Throws<KeyNotFoundException>(() => _store.ByIndex("none", "x"));
    }

    private static V1Lease Held(string name, string version, string holder) =>
        Lease(name, version) with { Spec = new V1LeaseSpec { HolderIdentity = holder } };
}
