namespace IrisOperator.Registry;

/// <summary>How a blob came to be where it is wanted.</summary>
public enum BlobTransfer
{
    AlreadyThere,

    /// <summary>Linked by the registry from another of its repositories; no content went over the network.</summary>
    Mounted,

    Uploaded,
}
