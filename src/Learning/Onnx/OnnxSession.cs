using Google.Protobuf;
using IrisOperator.Learning.Format;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace IrisOperator.Learning.Onnx;

/// <summary>A graph in ONNX Runtime: one thread, always the same operations in the same order, no other file, bounded memory.</summary>
internal sealed class OnnxSession : IDisposable
{
    /// <summary>What the weights and the values of a run may take together.</summary>
    private const uint MaxMemory = 128 << 20;

    private const int OutputOfGraph = 12;
    private const int GraphOfModel = 7;

    private static readonly Lazy<OrtEnv> _environment = new(CreateEnvironment);

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputs;
    private readonly string[] _outputs;
    private readonly OnnxType _type;

    private OnnxSession(InferenceSession session, OnnxValue input, string output) =>
        (_session, Columns, _inputs, _outputs, _type) = (session, input.Width!.Value, [input.Name], [output], input.Type!.Value);

    /// <summary>How many numbers a row has.</summary>
    public int Columns { get; }

    /// <exception cref="FormatException">The graph is damaged, or refused before the runtime sees it.</exception>
    /// <exception cref="OnnxRuntimeException">The runtime refuses it.</exception>
    public static OnnxSession Open(byte[] bytes, string output)
    {
        var graph = OnnxReader.Read(bytes);
        if (graph.Nodes.FirstOrDefault(node => node.Domain is not ("" or "ai.onnx" or OnnxNode.Ml)) is { } custom)
        {
            throw new FormatException($"operator {OnnxReader.Shown(custom.FullOperator)} is not one of ONNX");
        }
        if (graph.Inputs is not [{ Type: OnnxType.Single or OnnxType.Double or OnnxType.Int64, Width: <= Limits.Features } input])
        {
            throw new FormatException($"expected one input, of numbers, with a fixed number of columns up to {Limits.Features}");
        }
        if (!graph.Nodes.Any(node => node.Outputs.Contains(output)))
        {
            throw new FormatException($"no node makes {OnnxReader.Shown(output)}");
        }
        _ = _environment.Value;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            // Folding constants would compute before any limit holds.
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        var content = graph.Outputs.Any(value => value.Name == output) ? bytes : [.. bytes, .. Declaration(output)];
        return new OnnxSession(new InferenceSession(content, options), input, output);
    }

    /// <summary>The numbers of the output.</summary>
    /// <param name="row">As many as there are columns.</param>
    /// <exception cref="OnnxRuntimeException">The runtime fails on the row, or needs more memory than is allowed.</exception>
    public double[] Run(ReadOnlySpan<double> row)
    {
        using var input = Input(row);
        using var results = _session.Run(_run, _inputs, [input], _outputs);
        var output = results[0];
        if (!output.IsTensor)
        {
            return [];
        }
        return output.GetTensorTypeAndShape().ElementDataType switch
        {
            TensorElementType.Float => Widened(output.GetTensorDataAsSpan<float>()),
            TensorElementType.Double => output.GetTensorDataAsSpan<double>().ToArray(),
            _ => [],
        };
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private static OrtEnv CreateEnvironment()
    {
        var options = new EnvironmentCreationOptions { logId = "iris", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        var environment = OrtEnv.IsCreated ? OrtEnv.Instance() : OrtEnv.CreateInstanceWithOptions(ref options);
        environment.DisableTelemetryEvents();
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        // As much as is asked for and no more at a time.
        using var arena = new OrtArenaCfg(MaxMemory, arenaExtendStrategy: 1, initialChunkSizeBytes: -1, maxDeadBytesPerChunk: -1);
        environment.CreateAndRegisterAllocator(memory, arena);
        return environment;
    }

    /// <summary>
    /// Makes a value an output, as that which a ZipMap makes maps of. A message of protobuf that follows another one of the same type adds
    /// to its fields.
    /// </summary>
    private static byte[] Declaration(string output)
    {
        var value = Field(1, ByteString.CopyFromUtf8(output));
        return Field(GraphOfModel, ByteString.CopyFrom(Field(OutputOfGraph, ByteString.CopyFrom(value))));
    }

    private static byte[] Field(int number, ByteString content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(content);
        }
        return stream.ToArray();
    }

    private static double[] Widened(ReadOnlySpan<float> numbers)
    {
        var wide = new double[numbers.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = numbers[i];
        }
        return wide;
    }

    private OrtValue Input(ReadOnlySpan<double> row)
    {
        long[] shape = [1, row.Length];
        switch (_type)
        {
            case OnnxType.Single:
                var singles = new float[row.Length];
                for (var c = 0; c < singles.Length; c++)
                {
                    singles[c] = (float)row[c];
                }
                return OrtValue.CreateTensorValueFromMemory(singles, shape);
            case OnnxType.Int64:
                var integers = new long[row.Length];
                for (var c = 0; c < integers.Length; c++)
                {
                    integers[c] = (long)row[c];
                }
                return OrtValue.CreateTensorValueFromMemory(integers, shape);
            default:
                return OrtValue.CreateTensorValueFromMemory(row.ToArray(), shape);
        }
    }
}
