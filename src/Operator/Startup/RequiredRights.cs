namespace IrisOperator.Operator.Startup;

/// <summary>Asks the server at the start whether the operator may do what it will have to do, so that a missing right has a name.</summary>
/// <remarks>
/// What is listed and watched shows by itself: the caches would not fill, and the host says which. These are the writes and single reads.
/// </remarks>
public static class RequiredRights
{
    private static readonly (string Group, string Resource, string[] Verbs)[] _needed =
    [
        (ApiGroup.Name, "iristrainings/status", ["patch"]),
        (ApiGroup.Name, "irismodels/status", ["patch"]),
        ("batch", "jobs", ["create", "delete"]),
        ("apps", "deployments", ["create", "patch", "delete"]),
        ("", "services", ["create", "patch"]),
        ("", "persistentvolumeclaims", ["create"]),
        ("", "configmaps", ["get"]),
        ("", "events", ["list"]),
    ];

    /// <returns>One entry for each right that is missing, such as: create jobs.batch.</returns>
    public static async Task<IReadOnlyList<string>> FindMissingAsync(
        IKubeClient client, string? inNamespace, CancellationToken cancellationToken)
    {
        var questions = _needed.SelectMany(need => need.Verbs.Select(
            verb => AskAsync(client, inNamespace, need.Group, need.Resource, verb, cancellationToken)));
        return [.. (await Task.WhenAll(questions)).OfType<string>()];
    }

    private static async Task<string?> AskAsync(
        IKubeClient client, string? inNamespace, string group, string resource, string verb, CancellationToken cancellationToken)
    {
        var parts = resource.Split('/', 2);
        var review = await client.CreateAsync(
            new V1SelfSubjectAccessReview
            {
                Metadata = new V1ObjectMeta(),
                Spec = new V1SelfSubjectAccessReviewSpec
                {
                    ResourceAttributes = new V1ResourceAttributes
                    {
                        NamespaceProperty = inNamespace ?? "",
                        Verb = verb,
                        Group = group,
                        Resource = parts[0],
                        Subresource = parts.Length > 1 ? parts[1] : null,
                    },
                },
            },
            cancellationToken);
        return review.Status?.Allowed == true
            ? null
            : $"{verb} {resource}{(group.Length == 0 ? "" : $".{group}")} in {inNamespace ?? "all namespaces"}";
    }
}
