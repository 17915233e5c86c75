using System.Text.Json.Serialization;

namespace IrisOperator.Kube.Models;

/// <summary>JSON for the models of this library. Custom resources bring a context of their own with the same options.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(V1ListMeta))]
[JsonSerializable(typeof(V1Status))]
[JsonSerializable(typeof(V1Condition))]
[JsonSerializable(typeof(V1Namespace))]
[JsonSerializable(typeof(V1ConfigMap))]
[JsonSerializable(typeof(V1PersistentVolumeClaim))]
[JsonSerializable(typeof(V1Job))]
[JsonSerializable(typeof(V1Deployment))]
[JsonSerializable(typeof(V1DeploymentSpec))]
[JsonSerializable(typeof(V1ReplicaSet))]
[JsonSerializable(typeof(V1Service))]
[JsonSerializable(typeof(V1Pod))]
[JsonSerializable(typeof(V1PodTemplateSpec))]
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(EventsV1Event))]
[JsonSerializable(typeof(V1Event))]
[JsonSerializable(typeof(V1SelfSubjectAccessReview))]
[JsonSerializable(typeof(PartialObjectMetadata))]
public sealed partial class KubeJsonContext : JsonSerializerContext;
