namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Where both kinds live.</summary>
public static class ApiGroup
{
    public const string Name = "iris-operator.dev";

    public const string Version = "v1alpha1";
}
