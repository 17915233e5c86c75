namespace IrisOperator.Operator.Status;

/// <summary>How a resource stands, from which the conditions Ready, Reconciling, Stalled and Suspended follow.</summary>
public enum Phase
{
    /// <summary>As the spec wants it.</summary>
    Ready,

    /// <summary>As the spec wants it, while something newer is tried beside it: Ready and Reconciling.</summary>
    Trying,

    /// <summary>On the way, or waiting for something that is expected to come.</summary>
    Reconciling,

    /// <summary>Nothing will change until somebody acts.</summary>
    Stalled,

    /// <summary>Stopped by the spec, and not as it wants it otherwise.</summary>
    Suspended,
}
