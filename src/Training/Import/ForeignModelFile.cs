using System.Text;
using IrisOperator.Learning.Format;
using IrisOperator.Training.Import.Onnx;

namespace IrisOperator.Training.Import;

/// <summary>The file of a model that another library wrote.</summary>
/// <param name="Digest">"sha256:" and the sum of its bytes.</param>
internal sealed record ForeignModelFile(string Name, string Digest, ForeignModel Model)
{
    private const string Pickle = "a Python pickle or joblib file, which is a program and not a model";

    private const byte OnnxBegin = 0x08;

    /// <summary>How the problem of a file begins that nothing is known of.</summary>
    public const string Unknown = "neither XGBoost's JSON or UBJSON, nor LightGBM's text, nor an ONNX graph";

    private const string Export =
        "export it where it was trained: model.save_model(\"model.json\") of XGBoost, booster_.save_model(\"model.txt\") of LightGBM, "
        + "skl2onnx's to_onnx(model, rows) of scikit-learn, ConvertToOnnx of Microsoft.ML";

    // The first bytes of what people bring, what it is, and how to export it instead.
    private static readonly (byte[] Begin, string Kind, string Advice)[] _others =
    [
        ([0x80, 2], Pickle, Export), ([0x80, 3], Pickle, Export), ([0x80, 4], Pickle, Export), ([0x80, 5], Pickle, Export),
        ([0x78, 0x01], "a compressed joblib file", Export), ([0x78, 0x9c], "a compressed joblib file", Export),
        ([0x1f, 0x8b], "a gzip file", "unpack it; if it is a joblib file, " + Export),
        ("PK\u0003\u0004"u8.ToArray(), "a zip file, such as Microsoft.ML saves", "save it as ONNX: ConvertToOnnx of Microsoft.ML"),
        ("binf"u8.ToArray(), "XGBoost's old binary format", "model.save_model(\"model.json\")"),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file, such as Keras saves", "import a model of trees"),
    ];

    /// <param name="path">The file, or a folder with one file.</param>
    /// <exception cref="InputException">None that can be imported; says what it looks like and what to export instead.</exception>
    public static ForeignModelFile Read(string path)
    {
        var file = Find(path);
        var name = Path.GetFileName(file);
        var length = new FileInfo(file).Length;
        if (length > Limits.FileBytes)
        {
            throw ForeignModel.Wrong($"{name}: {length} bytes, more than {Limits.FileBytes}");
        }

        var bytes = File.ReadAllBytes(file);
        try
        {
            return new ForeignModelFile(name, Contracts.Digest.Of(bytes).ToString(), Parse(bytes));
        }
        catch (InputException e)
        {
            throw ForeignModel.Wrong($"{name}: {e.Message}");
        }
        catch (FormatException e)
        {
            throw ForeignModel.Wrong($"{name}: not as XGBoost writes a model: {e.Message}");
        }
    }

    private static string Find(string path)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? path : throw ForeignModel.Wrong($"{path}: no such file or folder");
        }

        var files = Directory.GetFiles(path);
        return files.Length == 1
            ? files[0]
            : throw ForeignModel.Wrong($"{path}: expected one file, found {files.Length}; name the file");
    }

    private static ForeignModel Parse(byte[] bytes)
    {
        var text = bytes.AsSpan().TrimStart(" \t\r\n"u8);
        if (text.StartsWith("tree\n"u8) || text.StartsWith("tree\r\n"u8))
        {
            return LightGbmModel.Read(Encoding.UTF8.GetString(text));
        }

        if (text.StartsWith("{"u8))
        {
            var isText = text.Length > 1 && text[1] is (byte)'"' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'}';
            return XGBoostModel.Read(isText ? bytes : UniversalBinaryJson.ToJson(bytes));
        }

        // The version of the format, which every exporter writes first.
        if (bytes is [OnnxBegin, ..])
        {
            return OnnxModel.Read(bytes);
        }

        foreach (var (begin, kind, advice) in _others)
        {
            if (bytes.AsSpan().StartsWith(begin))
            {
                throw ForeignModel.Wrong($"{kind}; {advice}");
            }
        }

        throw ForeignModel.Wrong($"{Unknown}; {Export}");
    }
}
