using System.Text.Json;
using System.Text.Json.Nodes;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Resources;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>
/// Plays what the control plane of the tests lacks: kubelet and job controller (every job ends as <see cref="Report"/> says), deployment
/// controller (every Deployment is rolled out at once; of its pods there are those of a canary) and garbage collector (what has lost its
/// owner goes).
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    public const string Accepted =
        $$$"""{"formatVersion":1,"outcome":"Accepted","datasetDigest":"{{{Digest}}}","modelDigest":"{{{Digest}}}","metrics":"""
        + """{"accuracy":"0.9533"},"trainer":"0.1.0"}""";

    public const string Base = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    public const string Published = Publication + "\"1.0.0\",\"baseDigest\":\"" + Digest + "\"}";

    public const string Rebased = Publication + "\"1.0.1\",\"baseDigest\":\"" + Base + "\"}";

    public const string Pruned =
        """{"formatVersion":1,"outcome":"Pruned","repository":"registry.test/iris","removed":["0.9.0"],"removedCount":1,"inUse":"""
        + """[],"inUseCount":0,"message":"1 removed"}""";

    public const string BadInput =
        """{"formatVersion":1,"outcome":"Failed","reason":"InvalidDataset","message":"iris.csv is empty","retriable":false}""";

    private const string Publication =
        $$"""{"formatVersion":1,"outcome":"Published","repository":"registry.test/iris","digest":"{{Digest}}","version":""";

    private readonly World _world;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Cluster(World world, Func<V1Job, string?>? report = null)
    {
        _world = world;
        Report = report ?? (_ => Accepted);
        _running = Task.Run(RunAsync);
    }

    /// <summary>The termination message of a job's pod; null lets it run on.</summary>
    public Func<V1Job, string?> Report { get; set; }

    /// <summary>That of a job which speaks with the registry.</summary>
    public Func<V1Job, string> Publisher { get; set; } = job => job.Spec!.Template!.Spec! switch
    {
        { Containers: [{ Name: "prune" }] } => Pruned,
        { Containers: [{ Args: var words }] } when words.Contains("--rebase") => Rebased,
        _ => Published,
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    public static async Task<V1Pod> EndPodAsync(
        World world, V1Job job, string report, CancellationToken cancellationToken, string? published = null)
    {
        var template = job.Spec!.Template!.Spec!;
        var succeeded = !report.Contains("\"Failed\"", StringComparison.Ordinal);
        var pod = await world.Client.CreateAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta
                {
                    GenerateName = $"{job.Metadata.Name}-",
                    NamespaceProperty = world.Space,
                    Labels = new Dictionary<string, string>(job.Spec.Template.Metadata!.Labels!) { ["job-name"] = job.Metadata.Name! },
                    OwnerReferences = [job.ToControllerReference()],
                },
                Spec = new V1PodSpec
                {
                    Containers = [.. template.Containers!.Select(Bare)],
                    RestartPolicy = "Never",
                },
            },
            cancellationToken);
        var status = new V1PodStatus
        {
            Phase = succeeded ? "Succeeded" : "Failed",
            ContainerStatuses = [.. template.Containers!.Select(Ended)],
        };
        return await world.Client.PatchStatusAsync<V1Pod>(
            pod.Key(), Patch(new V1Pod { Metadata = new V1ObjectMeta(), Status = status }), null, cancellationToken);

        static V1Container Bare(V1Container container) => new() { Name = container.Name, Image = "none" };
        V1ContainerStatus Ended(V1Container container) => new()
        {
            Name = container.Name,
            Image = "none",
            ImageID = "",
            Ready = false,
            RestartCount = 0,
            State = new V1ContainerState
            {
                Terminated = new V1ContainerStateTerminated
                {
                    ExitCode = succeeded ? 0 : 2,
                    Message = container.Name == "train" ? report : published,
                },
            },
        };
    }

    // A round is never broken off: a report without its job's end would be a state that no cluster is left in.
    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await CollectAsync<V1Job, IrisTraining>();
                await CollectAsync<V1Deployment, IrisModel>();
                await CollectAsync<V1Service, IrisModel>();
                await CollectAsync<V1Pod, V1Job>();
                await CollectAsync<V1Pod, V1Deployment>(through: "ReplicaSet");
                await RunJobsAsync();
                await RollOutAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _stop.Token);
            }
            catch (Exception error) when (error is KubeApiException or HttpRequestException or IOException or OperationCanceledException)
            {
                // Something went away between list and write; the next round sees it.
            }
        }
    }

    private async Task RunJobsAsync()
    {
        foreach (var job in await _world.ListAsync<V1Job>())
        {
            if (job.Status?.Conditions is null && job.Metadata.DeletionTimestamp is null && Report(job) is { } report
                && !(await _world.ListAsync<V1Pod>()).Any(pod => pod.IsControlledBy(job)))
            {
                await EndPodAsync(_world, job, report, CancellationToken.None, Publisher(job));
                var end = report.Contains("\"Failed\"", StringComparison.Ordinal)
                    ? """{"status":{"failed":1,"conditions":[{"type":"Failed","status":"True","reason":"BackoffLimitExceeded"}]}}"""
                    : """{"status":{"succeeded":1,"conditions":[{"type":"Complete","status":"True"}]}}""";
                await _world.Client.PatchStatusAsync<V1Job>(
                    job.Key(), JsonNode.Parse(end)!.AsObject(), null, CancellationToken.None);
            }
        }
    }

    private async Task RollOutAsync()
    {
        foreach (var deployment in await _world.ListAsync<V1Deployment>())
        {
            if (deployment.GetLabel(Labels.Track) is not null)
            {
                await StartPodsAsync(deployment);
            }

            if (deployment.Status?.ObservedGeneration != deployment.Metadata.Generation)
            {
                var n = deployment.Spec!.Replicas;
                var status = $$$"""
                    {"status":{"observedGeneration":{{{deployment.Metadata.Generation}}},"replicas":{{{n}}},"updatedReplicas":{{{n}}},
                    "readyReplicas":{{{n}}},"availableReplicas":{{{n}}} }}
                    """;
                await _world.Client.PatchStatusAsync<V1Deployment>(
                    deployment.Key(), JsonNode.Parse(status)!.AsObject(), null, CancellationToken.None);
            }
        }
    }

    private async Task StartPodsAsync(V1Deployment deployment)
    {
        var there = (await _world.ListAsync<V1Pod>()).Select(pod => pod.Metadata.Name).ToHashSet();
        var wanted = Enumerable.Range(1, deployment.Spec!.Replicas ?? 1).Select(number => $"{deployment.Metadata.Name}-{number}");
        foreach (var name in wanted.Where(name => !there.Contains(name)))
        {
            var pod = await _world.Client.CreateAsync(
                new V1Pod
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = name,
                        NamespaceProperty = _world.Space,
                        Labels = new Dictionary<string, string>(deployment.Spec.Template!.Metadata!.Labels) { ["pod-template-hash"] = "0" },
                        OwnerReferences =
                        [
                            deployment.ToControllerReference() with { Kind = "ReplicaSet", Name = $"{deployment.Metadata.Name}-0" },
                        ],
                    },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "server", Image = "none" }] },
                },
                CancellationToken.None);
            var status = new V1PodStatus { Phase = "Running", Conditions = [new V1PodCondition { Type = "Ready", Status = "True" }] };
            await _world.Client.PatchStatusAsync<V1Pod>(
                pod.Key(), Patch(new V1Pod { Metadata = new V1ObjectMeta(), Status = status }), null, CancellationToken.None);
        }
    }

    /// <param name="through">The kind between the two, which has no object here: references to it bear the owner's uid.</param>
    private async Task CollectAsync<T, TOwner>(string? through = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
        where TOwner : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = through ?? Kind<TOwner>.Definition.Kind;
        var children = (await _world.ListAsync<T>()).Where(child => child.GetController()?.Kind == kind).ToList();
        if (children.Count == 0)
        {
            return;
        }

        var owners = (await _world.ListAsync<TOwner>()).Select(owner => owner.Metadata.Uid).ToHashSet();
        foreach (var child in children.Where(child => !owners.Contains(child.GetController()!.Uid)))
        {
            await _world.Client.DeleteAsync<T>(
                child.Key(), new DeleteOptions { Uid = child.Metadata.Uid, GracePeriodSeconds = 0 }, CancellationToken.None);
        }
    }

    private static JsonObject Patch(V1Pod pod) => JsonSerializer.SerializeToNode(pod, Kind<V1Pod>.JsonTypeInfo)!.AsObject();
}
