namespace IrisOperator.ServingImage.Logging;

/// <summary>One JSON object a line. Categories outside of this program report warnings and errors only.</summary>
internal sealed class JsonLoggerFactory(Stream output, LogLevel level, TimeProvider clock) : ILoggerFactory
{
    private readonly JsonLineWriter _lines = new(output, clock);

    public ILogger CreateLogger(string categoryName)
    {
        var own = categoryName.StartsWith("IrisOperator.", StringComparison.Ordinal);
        return new JsonLogger(_lines, categoryName, own || level > LogLevel.Warning ? level : LogLevel.Warning);
    }

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("this program logs to its standard output alone");

    public void Dispose() => _lines.Dispose();
}
