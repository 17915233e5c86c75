using System.Buffers;
using System.Globalization;

namespace IrisOperator.ServingImage.Prediction;

internal static class NumberText
{
    /// <summary>The shortest decimal that reads back as the same double; none takes more room than this.</summary>
    public static void WriteNumber(this ArrayBufferWriter<byte> buffer, double value)
    {
        if (!value.TryFormat(buffer.GetSpan(32), out var written, default, CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException("a double took more room than the longest double");
        }
        buffer.Advance(written);
    }
}
