using System.Buffers;
using System.Text.Json;
using IrisOperator.Kube.Models;

namespace IrisOperator.Kube.Runtime.Leadership;

/// <summary>
/// The two changes an elector makes to a lease that exists. Both carry the version that was read, so only one of two rivals wins.
/// </summary>
internal static class LeasePatch
{
    public static KubePatch Hold(string version, V1LeaseSpec spec) => Write(version, json =>
    {
        json.WriteString("holderIdentity"u8, spec.HolderIdentity);
        json.WriteNumber("leaseDurationSeconds"u8, spec.LeaseDurationSeconds ?? 0);
        json.WriteString("acquireTime"u8, Text(spec.AcquireTime));
        json.WriteString("renewTime"u8, Text(spec.RenewTime));
        json.WriteNumber("leaseTransitions"u8, spec.LeaseTransitions ?? 0);
    });

    /// <summary>Nobody holds it, so a standby need not wait. Null rather than empty: newer servers refuse an empty holder.</summary>
    public static KubePatch Release(string version) => Write(version, json => json.WriteNull("holderIdentity"u8));

    private static KubePatch Write(string version, Action<Utf8JsonWriter> writeSpec)
    {
        var buffer = new ArrayBufferWriter<byte>(384);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata"u8);
            json.WriteString("resourceVersion"u8, version);
            json.WriteEndObject();
            json.WriteStartObject("spec"u8);
            writeSpec(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return KubePatch.Merge(buffer.WrittenMemory);
    }

    private static string? Text(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
}
