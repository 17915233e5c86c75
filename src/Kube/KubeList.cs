namespace IrisOperator.Kube;

/// <summary>All pages of a list.</summary>
/// <param name="Items">In the server's order, which is by namespace and name but not promised.</param>
/// <param name="ResourceVersion">Where a watch continues without a gap.</param>
/// <param name="Invalid">Objects that could not be decoded; the others are unharmed.</param>
public sealed record KubeList<T>(IReadOnlyList<T> Items, string ResourceVersion, IReadOnlyList<InvalidObject> Invalid)
    where T : class;
