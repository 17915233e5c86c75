using System.Reflection;
using IrisOperator.Kube.Runtime.Client;
using IrisOperator.Kube.Runtime.Schema;
using k8s.Models;

namespace IrisOperator.Kube.Crd;

/// <summary>Makes the CustomResourceDefinition of a C# type.</summary>
/// <remarks>
/// Guarantees: a structural schema of <c>apiextensions.k8s.io/v1</c> that Kubernetes 1.20 accepts (no CEL, no field newer than
/// 1.20), in which nothing is preserved unknown; the same types give the same bytes.
/// Errors: <see cref="SchemaException"/> names the C# member that has no schema.
/// </remarks>
public static class CrdBuilder
{
    public static V1CustomResourceDefinition Build(Type type)
    {
        var definition = ResourceDefinition.Find(type)
            ?? throw new SchemaException($"{type.Name}: not a custom resource, it has no [KubernetesEntity]");
        return new V1CustomResourceDefinition
        {
            ApiVersion = "apiextensions.k8s.io/v1",
            Kind = V1CustomResourceDefinition.KubeKind,
            Metadata = new V1ObjectMeta { Name = definition.ResourceName },
            Spec = new V1CustomResourceDefinitionSpec
            {
                Group = definition.Group,
                Names = new V1CustomResourceDefinitionNames
                {
                    Kind = definition.Kind,
                    ListKind = definition.Kind + "List",
                    Plural = definition.Plural,
                    Singular = definition.Kind.ToLowerInvariant(),
                    ShortNames = ListOrNull(type.GetCustomAttributes<ShortNameAttribute>().Select(a => a.Name)),
                    Categories = ListOrNull(type.GetCustomAttributes<CategoryAttribute>().Select(a => a.Name)),
                },
                Scope = definition.Namespaced ? "Namespaced" : "Cluster",
                Versions = [Version(type, definition)],
            },
        };
    }

    private static V1CustomResourceDefinitionVersion Version(Type type, ResourceDefinition definition) => new()
    {
        Name = definition.Version,
        Served = true,
        Storage = true,
        Schema = new V1CustomResourceValidation { OpenAPIV3Schema = SchemaBuilder.BuildRoot(type) },
        Subresources = Subresources(type),
        AdditionalPrinterColumns = ListOrNull(type.GetCustomAttributes<PrinterColumnAttribute>().Select(Column)),
    };

    private static V1CustomResourceSubresources? Subresources(Type type)
    {
        var status = type.IsDefined(typeof(StatusSubresourceAttribute));
        var scale = type.GetCustomAttribute<ScaleSubresourceAttribute>();
        return !status && scale is null ? null : new V1CustomResourceSubresources
        {
            Status = status ? new Dictionary<string, object>() : null,
            Scale = scale is null ? null : new V1CustomResourceSubresourceScale
            {
                SpecReplicasPath = scale.SpecReplicasPath,
                StatusReplicasPath = scale.StatusReplicasPath,
                LabelSelectorPath = scale.LabelSelectorPath,
            },
        };
    }

    private static V1CustomResourceColumnDefinition Column(PrinterColumnAttribute attribute) => new()
    {
        Name = attribute.Name,
        Type = attribute.Type,
        JsonPath = attribute.JsonPath,
        Description = attribute.Description,
        Priority = attribute.Priority > 0 ? attribute.Priority : null,
    };

    private static List<T>? ListOrNull<T>(IEnumerable<T> items) => items.ToList() is { Count: > 0 } list ? list : null;
}
