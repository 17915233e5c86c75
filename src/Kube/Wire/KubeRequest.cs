namespace IrisOperator.Kube.Wire;

/// <summary>A request as a value: what is sent, before anything is sent.</summary>
/// <param name="Method">As sent.</param>
/// <param name="PathAndQuery">Escaped.</param>
/// <param name="Resource">For errors and metrics, without names: <c>jobs.batch</c> or <c>irismodels.iris-operator.dev/status</c>.</param>
/// <param name="Accept">JSON, or JSON as PartialObjectMetadata.</param>
/// <param name="ContentType">Null without a body.</param>
/// <param name="Body">May be rented: valid until the answer was read.</param>
public readonly record struct KubeRequest(
    HttpMethod Method, string PathAndQuery, string Resource, string Accept, string? ContentType = null, ReadOnlyMemory<byte> Body = default)
{
    /// <summary>Where the body is rented from, so that a body which was not sent whole is not given back.</summary>
    internal RentedBuffer? Lease { get; init; }

    public override string ToString() => $"{Method} {PathAndQuery}";
}
