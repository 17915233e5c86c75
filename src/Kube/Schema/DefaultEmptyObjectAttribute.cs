namespace IrisOperator.Kube.Schema;

/// <summary>Absent means <c>{}</c>, so that the defaults of the fields inside are filled in too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultEmptyObjectAttribute : Attribute;
