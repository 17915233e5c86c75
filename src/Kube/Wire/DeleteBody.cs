using System.Buffers;
using System.Text.Json;

namespace IrisOperator.Kube.Wire;

/// <summary>metav1.DeleteOptions.</summary>
internal static class DeleteBody
{
    public static ReadOnlyMemory<byte> Write(DeleteOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, "v1"u8);
        json.WriteString("kind"u8, "DeleteOptions"u8);
        json.WriteString("propagationPolicy"u8, options.PropagationPolicy.ToString());
        if (options.GracePeriodSeconds is { } seconds)
        {
            json.WriteNumber("gracePeriodSeconds"u8, seconds);
        }

        if (options.Uid is not null || options.ResourceVersion is not null)
        {
            WritePreconditions(json, options);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WritePreconditions(Utf8JsonWriter json, DeleteOptions options)
    {
        json.WriteStartObject("preconditions"u8);
        if (options.Uid is { } uid)
        {
            json.WriteString("uid"u8, uid);
        }

        if (options.ResourceVersion is { } version)
        {
            json.WriteString("resourceVersion"u8, version);
        }

        json.WriteEndObject();
    }
}
