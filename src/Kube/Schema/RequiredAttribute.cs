namespace IrisOperator.Kube.Schema;

/// <summary>The server refuses an object without this field, although its C# type is nullable.</summary>
/// <remarks>Needed where the type stays nullable so that an object written before the field existed can still be read.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;
