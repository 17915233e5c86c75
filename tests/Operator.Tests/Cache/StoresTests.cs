using IrisOperator.Operator.Cache;

namespace IrisOperator.Operator.Tests.Cache;

public sealed class StoresTests
{
    private static readonly V1ObjectMeta Metadata = new() { Name = "iris-1", NamespaceProperty = "default", Uid = "u" };

    private static readonly V1PodSpec Pod = new() { Containers = [new V1Container { Name = "train" }] };

    [Fact]
    public void a_job_is_cached_with_its_status_and_without_its_pod_template()
    {
        var job = new V1Job
        {
            Metadata = Metadata,
            Spec = new V1JobSpec { Template = new V1PodTemplateSpec { Spec = Pod } },
            Status = new V1JobStatus { Succeeded = 1 },
        };

        Assert.Equal(job with { Spec = null }, Stores.JobOptions.Transform!(job));
    }

    // Without them a Job whose image no secret pulls was deleted and made again at every look.
    [Fact]
    public void a_job_is_cached_with_the_pull_secrets_that_it_was_made_with()
    {
        V1LocalObjectReference[] secrets = [new() { Name = "registry" }];
        var job = new V1Job
        {
            Metadata = Metadata,
            Spec = new V1JobSpec { Template = new V1PodTemplateSpec { Spec = Pod with { ImagePullSecrets = secrets } } },
        };

        var cached = Stores.JobOptions.Transform!(job).Spec.Template.Spec;

        Assert.Equal("registry", Assert.Single(cached.ImagePullSecrets).Name);
        Assert.Empty(cached.Containers);
    }

    [Fact]
    public void a_job_that_somebody_suspended_is_cached_as_such()
    {
        var job = new V1Job
        {
            Metadata = Metadata,
            Spec = new V1JobSpec { Suspend = true, Template = new V1PodTemplateSpec { Spec = Pod } },
        };

        var cached = Stores.JobOptions.Transform!(job).Spec;

        Assert.True(cached.Suspend);
        Assert.Empty(cached.Template.Spec.Containers);
    }

    [Fact]
    public void a_pod_is_cached_with_its_status_and_without_its_spec()
    {
        var pod = new V1Pod { Metadata = Metadata, Spec = Pod, Status = new V1PodStatus { Phase = "Running" } };

        Assert.Equal(pod with { Spec = null }, Stores.PodOptions.Transform!(pod));
    }
}
