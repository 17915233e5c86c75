using System.Globalization;
using System.Text;

namespace IrisOperator.Testing;

/// <summary>A model.json with a graph of ONNX, small enough to be answered by hand.</summary>
public static class OnnxFixtures
{
    /// <summary>Features a and b; classes no and yes by the softmax of both numbers.</summary>
    public static string SoftmaxJson(double? recorded = null, bool isDamaged = false)
    {
        var yes = recorded ?? Yes(1);
        var graph = Softmax();
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"formatVersion":2,"algorithm":"onnx",
            "features":[{"name":"a","min":-4,"max":4},{"name":"b","min":-4,"max":4}],
            "classes":["no","yes"],"parameters":{},
            "goldenSamples":[{"data":[0,1],"prediction":1,"probabilities":[{{1 - yes:R}},{{yes:R}}]}],
            "onnx":{"graph":"{{Convert.ToBase64String(isDamaged ? graph[..^20] : graph)}}","output":"Y"} }
            """);
    }

    /// <summary>The probability of yes where b is greater than a by <paramref name="difference"/>.</summary>
    public static double Yes(double difference) => 1 / (1 + Math.Exp(-difference));

    // ModelProto: version of the format, graph (node, name, input, output), version of the operators; see onnx.proto.
    private static byte[] Softmax() =>
    [
        8, 8,
        .. Part(
            7,
            [
                .. Part(1, [.. Name(1, "X"), .. Name(2, "Y"), .. Name(4, "Softmax")]), .. Name(2, "g"), .. Part(11, Value("X")),
                .. Part(12, Value("Y")),
            ]),
        .. Part(8, [16, 15]),
    ];

    // A tensor of float32 with any number of rows and two columns.
    private static byte[] Value(string name) =>
        [.. Name(1, name), .. Part(2, Part(1, [8, 1, .. Part(2, [.. Part(1, Name(2, "N")), .. Part(1, [8, 2])])]))];

    private static byte[] Name(int field, string text) => Part(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Part(int field, byte[] content) => [(byte)((field << 3) | 2), (byte)content.Length, .. content];
}
