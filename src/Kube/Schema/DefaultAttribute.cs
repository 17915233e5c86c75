namespace IrisOperator.Kube.Schema;

/// <summary>What the server fills in where the field is absent. Such a field is never required.</summary>
/// <remarks>The server defaults inside an object only if the object is there: see <see cref="DefaultEmptyObjectAttribute"/>.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultAttribute(object value) : Attribute
{
    /// <summary>A bool, an int, a double or a string.</summary>
    public object Value { get; } = value;
}
