namespace IrisOperator.ServingImage.Startup;

/// <summary>An environment variable that the server cannot start with. The message names it, its value and what is expected.</summary>
internal sealed class InvalidOptionException(string message) : Exception(message);
