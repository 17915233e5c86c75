using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>How bad input has to be told: a reason, and words that name the field or the cause.</summary>
/// <param name="Reason">Of the condition Ready.</param>
/// <param name="Words">All occur in its message.</param>
public sealed record Bad(string Reason, params string[] Words)
{
    /// <summary>What the issue allows between apply and condition.</summary>
    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Fields of the spec below <c>dataset</c>; null takes the good table.</summary>
    public string? Dataset { get; init; }

    public string[] Spec { get; init; } = [];

    /// <summary>A table that is offered as the config map <c>bad-…</c>.</summary>
    public string? Table { get; init; }

    public bool IsTold(JsonObject found) =>
        found.IsObserved()
        && found.Condition("Ready") is { } ready
        && ready.Text("status") == "False"
        && ready.Text("reason") == Reason
        && Words.All(word => ready.Text("message")!.Contains(word, StringComparison.Ordinal));

    public override string ToString() => $"Ready=False {Reason} that says {string.Join(", ", Words)}";
}
