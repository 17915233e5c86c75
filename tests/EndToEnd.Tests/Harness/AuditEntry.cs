namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>One answered request, as the API server's audit log tells it.</summary>
public sealed record AuditEntry(
    string User, string Verb, string Resource, string? Namespace, string? Name, string SourceIp, int Code, DateTimeOffset Time)
{
    /// <summary>A review of the own rights is created, but asks only: a process does that before it leads.</summary>
    public bool IsWrite =>
        (Verb is "create" or "update" or "patch" or "delete" or "deletecollection") && Resource != "selfsubjectaccessreviews";

    /// <summary>What was changed: refused requests change nothing.</summary>
    public bool Succeeded => Code is >= 200 and < 300;

    public override string ToString() => $"{Time:HH:mm:ss.fff} {User} {Verb} {Resource} {Namespace}/{Name} -> {Code}";
}
