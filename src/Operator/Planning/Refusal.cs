namespace IrisOperator.Operator.Planning;

/// <summary>Why the server did not let us write a child, in the words of a condition.</summary>
/// <param name="Reason">CamelCase.</param>
/// <param name="Message">The server's own message with the object it is about.</param>
/// <param name="NeedsUser">True where trying again is of no use before somebody acts.</param>
public sealed record Refusal(string Reason, string Message, bool NeedsUser)
{
    /// <returns>Null for what is no verdict on the child: conflicts, throttling, failures of the server. Those are tried again.</returns>
    public static Refusal? From(KubeApiException error, PlanStep step)
    {
        var message = $"{step.Action}: {error.Status.Message ?? error.Message}";
        return error switch
        {
            { IsForbidden: true } when message.Contains("exceeded quota", StringComparison.Ordinal) => new("QuotaExceeded", message, true),
            { IsForbidden: true } => new("Forbidden", message, true),
            { IsInvalid: true } or { IsBadRequest: true } => new("ChildInvalid", message, true),
            _ => null,
        };
    }

    public static Refusal NameConflict(IKubernetesObject<V1ObjectMeta> found, IKubernetesObject<V1ObjectMeta> owner)
    {
        var holder = found.GetController() is { } controller
            ? $"belongs to {controller.Kind} {controller.Name}"
            : "was made by somebody else";
        return SameName(found, owner)
            ? new("WaitingForDeletion", $"{found.Kind} {found.Metadata.Name} of the deleted predecessor is still there", false)
            : new(
                "NameConflict",
                $"{found.Kind} {found.Metadata.Name} {holder}; it is left alone: delete it, or choose another metadata.name",
                true);
    }

    private static bool SameName(IKubernetesObject<V1ObjectMeta> found, IKubernetesObject<V1ObjectMeta> owner) =>
        found.GetController() is { } controller && controller.Kind == owner.Kind && controller.Name == owner.Metadata.Name;
}
