namespace IrisOperator.Operator.Planning;

/// <summary>One write to a child. Steps are values: a plan can be compared, printed and thrown away.</summary>
public abstract record PlanStep
{
    /// <summary>CamelCase verb and kind, such as CreateJob.</summary>
    public abstract string Action { get; }

    /// <summary>
    /// True for what must not happen twice or too late. The cache may be older than our own last write, so the executor reads the
    /// owner live first and drops the plan when its version is not the one that was decided on.
    /// </summary>
    public abstract bool NeedsFreshOwner { get; }

    internal abstract Task ExecuteAsync(
        IKubeClient client, IKubernetesObject<V1ObjectMeta> owner, CancellationToken cancellationToken);
}
