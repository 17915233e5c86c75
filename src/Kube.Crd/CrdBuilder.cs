using System.Reflection;
using System.Text.Json.Nodes;
using IrisOperator.Kube.Schema;

namespace IrisOperator.Kube.Crd;

/// <summary>Makes the CustomResourceDefinition of a C# type.</summary>
/// <remarks>
/// Guarantees: a structural schema of <c>apiextensions.k8s.io/v1</c> that Kubernetes 1.20 accepts (no CEL, no field newer than
/// 1.20), in which nothing is preserved unknown; the same types give the same bytes.
/// Errors: <see cref="SchemaException"/> names the C# member that has no schema.
/// </remarks>
public static class CrdBuilder
{
    public static JsonObject Build(Type type)
    {
        var definition = (ResourceDefinition?)type.GetProperty("Definition", BindingFlags.Public | BindingFlags.Static)?.GetValue(null)
            ?? throw new SchemaException($"{type.Name}: not a custom resource, it has no static Definition");
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = definition.ResourceName },
            ["spec"] = new JsonObject
            {
                ["group"] = definition.Group,
                ["names"] = Names(type, definition),
                ["scope"] = definition.Namespaced ? "Namespaced" : "Cluster",
                ["versions"] = new JsonArray(Version(type, definition)),
            },
        };
    }

    private static JsonObject Names(Type type, ResourceDefinition definition)
    {
        var names = new JsonObject
        {
            ["kind"] = definition.Kind,
            ["listKind"] = definition.Kind + "List",
            ["plural"] = definition.Plural,
            ["singular"] = definition.Kind.ToLowerInvariant(),
        };
        AddList(names, "shortNames", type.GetCustomAttributes<ShortNameAttribute>().Select(a => a.Name));
        AddList(names, "categories", type.GetCustomAttributes<CategoryAttribute>().Select(a => a.Name));
        return names;
    }

    private static JsonObject Version(Type type, ResourceDefinition definition)
    {
        var version = new JsonObject
        {
            ["name"] = definition.Version,
            ["served"] = true,
            ["storage"] = true,
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = SchemaBuilder.BuildRoot(type) },
        };
        if (Subresources(type) is { Count: > 0 } subresources)
        {
            version["subresources"] = subresources;
        }

        var columns = type.GetCustomAttributes<PrinterColumnAttribute>().Select(Column).ToArray();
        if (columns.Length > 0)
        {
            version["additionalPrinterColumns"] = new JsonArray(columns);
        }

        return version;
    }

    private static JsonObject Subresources(Type type)
    {
        var subresources = new JsonObject();
        if (type.IsDefined(typeof(StatusSubresourceAttribute)))
        {
            subresources["status"] = new JsonObject();
        }

        if (type.GetCustomAttribute<ScaleSubresourceAttribute>() is { } scale)
        {
            var paths = new JsonObject
            {
                ["specReplicasPath"] = scale.SpecReplicasPath,
                ["statusReplicasPath"] = scale.StatusReplicasPath,
            };
            if (scale.LabelSelectorPath is { } selector)
            {
                paths["labelSelectorPath"] = selector;
            }

            subresources["scale"] = paths;
        }

        return subresources;
    }

    private static JsonNode Column(PrinterColumnAttribute attribute)
    {
        var column = new JsonObject
        {
            ["name"] = attribute.Name,
            ["type"] = attribute.Type,
            ["jsonPath"] = attribute.JsonPath,
        };
        if (attribute.Description is { } description)
        {
            column["description"] = description;
        }

        if (attribute.Priority > 0)
        {
            column["priority"] = attribute.Priority;
        }

        return column;
    }

    private static void AddList(JsonObject target, string name, IEnumerable<string> values)
    {
        var nodes = values.Select(value => (JsonNode)value).ToArray();
        if (nodes.Length > 0)
        {
            target[name] = new JsonArray(nodes);
        }
    }
}
