namespace IrisOperator.Learning.Storage;

/// <summary>The output folder cannot be written: full, read-only, not permitted. A model that was there before is untouched.</summary>
public sealed class ModelWriteException(string message, Exception innerException) : Exception(message, innerException);
