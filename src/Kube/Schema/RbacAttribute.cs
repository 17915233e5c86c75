namespace IrisOperator.Kube.Schema;

/// <summary>
/// A right the annotated code needs. The roles of the operator are the union of all, so a right is deleted with the code that used it.
/// </summary>
/// <example><code>[Rbac("apps", "deployments", "get", "list", "watch", "create", "patch", "delete")]</code></example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RbacAttribute(string group, string resources, params string[] verbs) : Attribute
{
    /// <summary>Empty for the core group.</summary>
    public string Group { get; } = group;

    /// <summary>Plural names, a subresource as <c>name/subresource</c>; several are separated by commas.</summary>
    public string Resources { get; } = resources;

    public IReadOnlyList<string> Verbs { get; } = verbs;

    /// <summary>The right is needed only in the namespace the operator itself runs in, whatever it watches.</summary>
    public bool OwnNamespace { get; init; }
}
