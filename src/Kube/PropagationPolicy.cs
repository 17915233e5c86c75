namespace IrisOperator.Kube;

/// <summary>When dependants are deleted: after the owner, before it, or not at all.</summary>
public enum PropagationPolicy
{
    Background,
    Foreground,
    Orphan,
}
