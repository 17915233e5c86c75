namespace IrisOperator.Operator.Planning;

/// <summary>Carries a refusal out of a step.</summary>
internal sealed class ChildRefusedException(Refusal refusal, Exception cause) : Exception(refusal.Message, cause)
{
    public Refusal Refusal { get; } = refusal;
}
