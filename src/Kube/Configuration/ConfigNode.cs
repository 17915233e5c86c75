namespace IrisOperator.Kube.Configuration;

/// <summary>A tree of maps, lists and scalars; numbers and booleans stay text, which is all that a kubeconfig needs.</summary>
internal sealed class ConfigNode
{
    private static readonly ConfigNode _missing = new();

    public string? Text { get; init; }

    public Dictionary<string, ConfigNode>? Map { get; init; }

    public List<ConfigNode>? Items { get; init; }

    /// <summary>Never null: what is absent has no text, no members and no items.</summary>
    public ConfigNode this[string name] => Map?.GetValueOrDefault(name) ?? _missing;

    public bool IsTrue => Text is "true" or "True" or "TRUE";

    public bool Exists => Text is not null || Map is not null || Items is not null;

    /// <summary>The text, or null when it is absent or empty.</summary>
    public string? Value => string.IsNullOrEmpty(Text) ? null : Text;

    /// <summary>
    /// The member <paramref name="part"/> of the item of that name, as in <c>clusters</c>, <c>users</c> and <c>contexts</c>.
    /// </summary>
    public ConfigNode Named(string name, string part)
    {
        foreach (var item in Items ?? [])
        {
            if (item["name"].Text == name)
            {
                return item[part];
            }
        }

        return _missing;
    }
}
