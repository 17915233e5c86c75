namespace IrisOperator.Operator.Pods;

/// <summary>What a serving pod has answered since it began, as it tells itself.</summary>
/// <param name="Pod">Its name.</param>
/// <param name="Requests">Of clients, whatever the answer.</param>
/// <param name="Errors">Those of them with a status of 500 or above.</param>
/// <param name="Problem">Why it could not be asked; the figures are 0 then.</param>
public sealed record PodRequests(string Pod, long Requests, long Errors, string? Problem = null);
