using System.Globalization;
using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>
/// Everything that was asked of the API server after the moment of opening. Exact: the server writes the entry before it
/// answers, so whatever a caller has seen is in the file.
/// </summary>
public sealed class AuditLog : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;

    private AuditLog(string path)
    {
        _path = path;
        // Held open: the server rotates by renaming, and the rest of the old file must not be lost.
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _file.Seek(0, SeekOrigin.End);
    }

    public static AuditLog Open(Cluster cluster) => new(Path.Combine(cluster.RequireLocal(), "log", "audit.log"));

    /// <summary>Entries since the last call, or since the opening.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        var entries = new List<AuditEntry>();
        using (var reader = new StreamReader(_file, leaveOpen: true))
        {
            await ReadAsync(reader, entries, cancellationToken);
        }

        if (new FileInfo(_path).Length < _file.Position)
        {
            using var rotated = new StreamReader(_path);
            await ReadAsync(rotated, entries, cancellationToken);
        }

        return entries;
    }

    public void Dispose() => _file.Dispose();

    private static async Task ReadAsync(StreamReader reader, List<AuditEntry> entries, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            // A line may be half written when it is read; its other half belongs to a request that is later than the reader.
            if (line.StartsWith('{') && line.EndsWith('}') && Parse(line) is { } entry)
            {
                entries.Add(entry);
            }
        }
    }

    private static AuditEntry? Parse(string line)
    {
        var json = JsonNode.Parse(line);
        return json.Text("objectRef/resource") is not { } resource
            ? null
            : new AuditEntry(
                json.Text("user/username")!,
                json.Text("verb")!,
                json.Text("objectRef/subresource") is { } part ? $"{resource}/{part}" : resource,
                json.Text("objectRef/namespace"),
                json.Text("objectRef/name"),
                json.Text("sourceIPs/0") ?? "",
                json.Number("responseStatus/code"),
                DateTimeOffset.Parse(json.Text("requestReceivedTimestamp")!, CultureInfo.InvariantCulture));
    }
}
