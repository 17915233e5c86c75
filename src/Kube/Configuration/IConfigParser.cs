namespace IrisOperator.Kube.Configuration;

/// <summary>Text to tree. Two forms exist in the wild: kubectl writes YAML, some tools write JSON.</summary>
internal interface IConfigParser
{
    /// <exception cref="FormatException">With the line at fault, never its content: it may be a secret.</exception>
    public ConfigNode Parse(string text);
}
