using IrisOperator.Kube.Models;

namespace IrisOperator.Kube;

/// <summary>What every object has, whatever its type.</summary>
public interface IKubeObject
{
    public string ApiVersion { get; }

    public string Kind { get; }

    public V1ObjectMeta Metadata { get; }
}
