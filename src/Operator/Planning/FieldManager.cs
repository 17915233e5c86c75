namespace IrisOperator.Operator.Planning;

/// <summary>Names under which the server keeps our fields. They are part of the stored state: a new name would orphan fields.</summary>
public static class FieldManager
{
    public const string Name = "iris-operator";
}
