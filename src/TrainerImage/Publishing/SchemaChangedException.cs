namespace IrisOperator.TrainerImage.Publishing;

/// <summary>The model takes or answers something else than the version that its callers know; another major version may.</summary>
internal sealed class SchemaChangedException(string message) : Exception(message);
