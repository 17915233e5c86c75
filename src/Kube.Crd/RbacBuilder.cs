using System.Reflection;
using IrisOperator.Kube.Runtime.Schema;
using k8s.Models;

namespace IrisOperator.Kube.Crd;

/// <summary>The rules of a Role or ClusterRole: the union of the [Rbac] attributes of an assembly, and nothing else.</summary>
public static class RbacBuilder
{
    private static readonly string[] _verbOrder = ["get", "list", "watch", "create", "update", "patch", "delete"];

    /// <param name="types">The types of the operator's assembly.</param>
    /// <param name="ownNamespace">Which half: the rights in the operator's own namespace, or those wherever it watches.</param>
    /// <returns>
    /// One rule for each set of verbs in a group, sorted by group and resource. An unknown verb, <c>*</c> too, is an error.
    /// </returns>
    public static IReadOnlyList<V1PolicyRule> BuildRules(IEnumerable<Type> types, bool ownNamespace)
    {
        var grants =
            from type in types
            from attribute in type.GetCustomAttributes<RbacAttribute>()
            where attribute.OwnNamespace == ownNamespace
            from resource in attribute.Resources.Split(',', StringSplitOptions.TrimEntries)
            from verb in attribute.Verbs
            select (attribute.Group, Resource: Known(resource, type), Verb: Rank(verb, type));
        var rules =
            from grant in grants
            group grant.Verb by (grant.Group, grant.Resource) into resource
            let verbs = string.Join(',', resource.Distinct().Order().Select(rank => _verbOrder[rank]))
            group resource.Key.Resource by (resource.Key.Group, verbs) into rule
            orderby rule.Key.Group, rule.Min(StringComparer.Ordinal)
            select new V1PolicyRule
            {
                ApiGroups = [rule.Key.Group],
                Resources = [.. rule.Order(StringComparer.Ordinal)],
                Verbs = rule.Key.verbs.Split(','),
            };
        return [.. rules];
    }

    private static int Rank(string verb, Type type)
    {
        var rank = Array.IndexOf(_verbOrder, verb);
        return rank >= 0 ? rank : throw new SchemaException($"{type.Name}: '{verb}' is not a verb a role of ours may grant");
    }

    private static string Known(string resource, Type type) =>
        resource.Contains('*', StringComparison.Ordinal)
            ? throw new SchemaException($"{type.Name}: name the resources, not '{resource}'")
            : resource;
}
