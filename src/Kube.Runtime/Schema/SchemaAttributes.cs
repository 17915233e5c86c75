namespace IrisOperator.Kube.Runtime.Schema;

/// <summary>What <c>kubectl explain</c> shows. On a class it describes every field of that type; the one on a property wins.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class DescriptionAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}

/// <summary>The server refuses an object without this field, although its C# type is nullable.</summary>
/// <remarks>Needed where the type stays nullable so that an object written before the field existed can still be read.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;

/// <summary>A rule for a field that is one value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class ValueAttribute<T>(T value) : Attribute
{
    public T Value { get; } = value;
}

/// <summary>A bool, number or string that the server fills in where the field is absent. Such a field is never required.</summary>
/// <remarks>The server defaults inside an object only if the object is there: see <see cref="DefaultEmptyObjectAttribute"/>.</remarks>
public sealed class DefaultAttribute(object value) : ValueAttribute<object>(value);

/// <summary>Absent means <c>{}</c>, so that the defaults of the fields inside are filled in too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultEmptyObjectAttribute : Attribute;

/// <summary>The smallest value the server admits, itself included.</summary>
public sealed class MinimumAttribute(double value) : ValueAttribute<double>(value);

/// <summary>The largest value the server admits, itself included.</summary>
public sealed class MaximumAttribute(double value) : ValueAttribute<double>(value);

/// <summary>The least number of characters of a string, items of a list or entries of a map.</summary>
public sealed class MinLengthAttribute(int value) : ValueAttribute<int>(value);

/// <summary>The largest number of characters of a string, items of a list or entries of a map.</summary>
public sealed class MaxLengthAttribute(int value) : ValueAttribute<int>(value);

/// <summary>A regular expression in the syntax of RE2, searched for, not matched whole: write ^ and $.</summary>
/// <remarks>On a list or map of strings it holds for each item or value.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string expression) : Attribute
{
    public string Expression { get; } = expression;
}

/// <summary>A text that users may write as a number, without quotes: <c>0.95</c>. On a map it holds for each value.</summary>
[AttributeUsage(AttributeTargets.Property)]
public class NumberOrStringAttribute : Attribute;

/// <summary>
/// A Kubernetes quantity, <c>500m</c> or <c>0.5</c>: users write it with and without quotes. On a map it holds for each value.
/// </summary>
public sealed class QuantityAttribute : NumberOrStringAttribute;

/// <summary>The only values the server admits.</summary>
/// <remarks>Not for what a program outside the operator decides: a new trainer may know another algorithm.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EnumerationAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>The list is a map by this key: server-side apply merges its items, and no two may share the key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapKeyAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}

/// <summary>A group of kinds that <c>kubectl get</c> lists together.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class CategoryAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>What one may type instead of the plural: <c>kubectl get irt</c>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ShortNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>A column of <c>kubectl get</c>, in the order written.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string type, string jsonPath) : Attribute
{
    public string Name { get; } = name;

    /// <summary>integer, number, string, boolean or date.</summary>
    public string Type { get; } = type;

    public string JsonPath { get; } = jsonPath;

    /// <summary>0 shows always, anything above only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }

    public string? Description { get; init; }
}

/// <summary>
/// Status is written through its own endpoint: a user who may edit the object cannot forge it, and a status write keeps the generation.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatusSubresourceAttribute : Attribute;

/// <summary><c>kubectl scale</c> and autoscalers read and write the replicas through these JSON paths.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ScaleSubresourceAttribute(string specReplicasPath, string statusReplicasPath) : Attribute
{
    public string SpecReplicasPath { get; } = specReplicasPath;

    public string StatusReplicasPath { get; } = statusReplicasPath;

    /// <summary>A string in the status that holds the label selector of the pods. An autoscaler needs it.</summary>
    public string? LabelSelectorPath { get; init; }
}

/// <summary>
/// A right the annotated code needs. The roles of the operator are the union of all, so a right is deleted with the code that used it.
/// </summary>
/// <example><code>[Rbac("apps", "deployments", "get", "list", "watch", "create", "patch", "delete")]</code></example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RbacAttribute(string group, string resources, params string[] verbs) : Attribute
{
    /// <summary>Empty for the core group.</summary>
    public string Group { get; } = group;

    /// <summary>Plural names, a subresource as <c>name/subresource</c>; several are separated by commas.</summary>
    public string Resources { get; } = resources;

    public IReadOnlyList<string> Verbs { get; } = verbs;

    /// <summary>The right is needed only in the namespace the operator itself runs in, whatever it watches.</summary>
    public bool OwnNamespace { get; init; }
}

/// <summary>Objects of the kind belong to no namespace.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ClusterScopedAttribute : Attribute;
