using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>Created, never stored: the answer to the create call is in Status.</summary>
public sealed record V1SelfSubjectAccessReview : IKubeResource<V1SelfSubjectAccessReview>
{
    public static ResourceDefinition Definition { get; } = new(
        "authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", Namespaced: false);

    public static JsonTypeInfo<V1SelfSubjectAccessReview> JsonTypeInfo => KubeJsonContext.Default.V1SelfSubjectAccessReview;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public V1SelfSubjectAccessReviewSpec? Spec { get; init; }

    public V1SubjectAccessReviewStatus? Status { get; init; }
}
