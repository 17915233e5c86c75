namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>States of a publication; all but Pending are final.</summary>
public static class PublicationState
{
    public const string Pending = "Pending";

    public const string Published = "Published";

    public const string Unchanged = "Unchanged";

    public const string Skipped = "Skipped";

    public const string Failed = "Failed";
}
