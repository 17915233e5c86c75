namespace IrisOperator.Kube;

/// <summary>Where the API server keeps a type. The group is empty for the core API.</summary>
public sealed record ResourceDefinition(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    /// <summary>As in the <c>apiVersion</c> field: <c>v1</c> or <c>batch/v1</c>.</summary>
    public string ApiVersion { get; } = Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As in RBAC rules and error messages: <c>pods</c> or <c>jobs.batch</c>.</summary>
    public string ResourceName { get; } = Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The path below which all of its objects are: <c>/api/v1</c> or <c>/apis/batch/v1</c>.</summary>
    internal string BasePath { get; } = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
}
