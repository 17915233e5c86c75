using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Stories;

/// <summary>The local cluster's provisioner may be killed between any two steps: the next one takes those that are missing.</summary>
[Collection(SerialStories.Name)]
public sealed class ProvisionerTests(Cluster cluster) : Story(cluster, "provisioner")
{
    private const string Program = "provisioner";

    // The controller manager, which binds and releases, looks again after 15 s at what it could not do at once.
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task each_claim_is_bound_and_each_volume_removed_whenever_it_is_killed()
    {
        Cluster.RequireLocal();
        var kept = new List<string>();
        var uids = new List<string>();
        var killing = KillAtRandomMomentsAsync(times: 12);
        for (var i = 0; !killing.IsCompleted; i++)
        {
            uids.Add(await ClaimAsync($"claim-{i}"));
            if (i % 2 == 0)
            {
                kept.Add($"claim-{i}");
            }
            else
            {
                await Space.KubectlAsync("delete", "pvc", $"claim-{i}", "--wait=false");
            }
        }

        await killing;
        foreach (var claim in kept)
        {
            await WaitUntilBoundAsync(claim);
        }

        await Space.KubectlAsync("delete", "pvc", "--all");
        await WaitUntilNothingIsLeftAsync(uids);
    }

    [Fact]
    public async Task a_claim_whose_folder_was_made_and_whose_volume_was_not_gets_it()
    {
        Cluster.RequireLocal();
        await CutOffAsync(async () => Directory.CreateDirectory(Folder(await ClaimAsync("half-made"))));

        await WaitUntilBoundAsync("half-made");
        var mode = await Kubectl.TryAsync("stat", ["--format=%a", await Space.VolumeFolderAsync("half-made")]);
        Assert.Equal("777", mode.Output.Trim());
    }

    [Fact]
    public async Task a_released_volume_whose_folder_was_removed_is_removed()
    {
        Cluster.RequireLocal();
        var uid = await ClaimAsync("half-removed");
        await WaitUntilBoundAsync("half-removed");

        await CutOffAsync(async () =>
        {
            await Space.KubectlAsync("delete", "pvc", "half-removed");
            Directory.Delete(Folder(uid));
        });

        await WaitUntilNothingIsLeftAsync([uid]);
    }

    [Fact]
    public async Task a_folder_whose_claim_went_before_it_had_a_volume_is_removed()
    {
        Cluster.RequireLocal();
        var uid = "";

        await CutOffAsync(async () =>
        {
            uid = await ClaimAsync("gone");
            Directory.CreateDirectory(Folder(uid));
            await Space.KubectlAsync("delete", "pvc", "gone");
        });

        await WaitUntilNothingIsLeftAsync([uid]);
    }

    /// <summary>What the provisioner had done, or had not seen yet, when it was killed.</summary>
    private static async Task CutOffAsync(Func<Task> halfDone)
    {
        var leader = await NodeProgram.LeaderAsync(Program);
        await NodeProgram.StopAsync(leader);
        try
        {
            await halfDone();
        }
        finally
        {
            await NodeProgram.KillAsync(leader);
        }
    }

    private static async Task KillAtRandomMomentsAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(3000)), TimeProvider.System, Cancellation);
            await NodeProgram.KillAsync(await NodeProgram.LeaderAsync(Program));
        }
    }

    private async Task<string> ClaimAsync(string name)
    {
        await Space.ApplyAsync($$$"""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: {{{name}}}}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Mi}}
            """);
        return (await Space.ReadAsync(Resource.Claims, name)).Text("metadata/uid")!;
    }

    private Task<JsonObject> WaitUntilBoundAsync(string claim) =>
        Space.WaitAsync(Resource.Claims, claim, "Bound", Within, found => found.Text("status/phase") == "Bound");

    private Task WaitUntilNothingIsLeftAsync(IReadOnlyCollection<string> uids) => Eventually.TrueAsync(
        "no volume and no folder is left",
        Within,
        async cancellation => (await LeftAsync(uids, cancellation)).Count == 0,
        async cancellation => string.Join(", ", await LeftAsync(uids, cancellation)));

    private async Task<IReadOnlyList<string>> LeftAsync(IReadOnlyCollection<string> uids, CancellationToken cancellationToken) =>
    [
        .. uids.Select(Folder).Where(Directory.Exists),
        .. (await Cluster.Api.ListAsync("/api/v1/persistentvolumes", cancellationToken))
            .Where(volume => volume.Text("spec/claimRef/namespace") == Space.Name)
            .Select(volume => $"{volume.NameOf()} {volume.Text("status/phase")}"),
    ];

    private string Folder(string uid) => Path.Combine(Cluster.RequireLocal(), "volumes", uid);
}
