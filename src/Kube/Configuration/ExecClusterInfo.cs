using System.Buffers;
using System.Text;
using System.Text.Json;

namespace IrisOperator.Kube.Configuration;

/// <summary><c>spec.cluster</c> of an ExecCredential, for plugins that talk to the cluster themselves.</summary>
internal static class ExecClusterInfo
{
    public static string Write(string server, string? authorities, ConfigNode cluster)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("server"u8, server);
            if (authorities is not null)
            {
                json.WriteBase64String("certificate-authority-data"u8, Encoding.UTF8.GetBytes(authorities));
            }

            if (cluster["tls-server-name"].Value is { } name)
            {
                json.WriteString("tls-server-name"u8, name);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
