namespace IrisOperator.ServingImage.Startup;

/// <summary>The folder holds a sound model, but not the one this server was asked to serve.</summary>
internal sealed class ModelDigestException(string message) : Exception(message);
