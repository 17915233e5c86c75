namespace IrisOperator.Kube.Runtime.Leadership;

/// <summary>A write was refused here, before it reached the network, because the lease may no longer be ours.</summary>
public sealed class NotLeadingException : Exception
{
    public NotLeadingException()
        : base("the lease is not held, or too close to its end, so nothing may be written")
    {
    }
}
