using System.Buffers;
using System.Text;
using IrisOperator.Learning;

namespace IrisOperator.ServingImage.Prediction;

/// <summary>
/// What each feature contributed, as JSON: for each class, or for the number of a regression, a base value and the features by name.
/// </summary>
internal sealed class ContributionText
{
    /// <summary>Steps of the trees for all rows of a request: about a second of a core.</summary>
    private const long MaxSteps = 500_000_000;

    /// <summary>For one row, in which others have to wait: about a tenth of a second.</summary>
    private const long MaxRowSteps = 50_000_000;

    private const long StepsPerTurn = 1_000_000;

    /// <summary>Steps that writing a number takes.</summary>
    private const long StepsPerNumber = 40;

    /// <summary>Of a double with its comma: none takes more.</summary>
    private const long BytesPerNumber = 25;

    private const long MaxBytes = 4 * 1024 * 1024;

    private readonly Explainer? _explainer;
    private readonly byte[][] _classKeys = [];
    private readonly byte[][] _featureKeys = [];

    public ContributionText(Model model)
    {
        if (model.Explainer is not { } explainer)
        {
            Refusal = model.Unexplained;
            return;
        }
        _explainer = explainer;
        _classKeys = [.. explainer.Classes.Select(name => Encoding.UTF8.GetBytes(ModelText.Quoted(name) + ":"))];
        _featureKeys = [.. model.Features.Select(feature => Encoding.UTF8.GetBytes(ModelText.Quoted(feature.Name) + ":"))];
        var steps = explainer.Steps + (Numbers * StepsPerNumber);
        var margin = 64 + _featureKeys.Sum(key => key.Length + BytesPerNumber);
        var bytes = (explainer.Margins * margin) + _classKeys.Sum(key => (long)key.Length);
        MaxRows = (int)Math.Min(PredictionRequestReader.MaxRows, Math.Min(MaxSteps / steps, MaxBytes / bytes));
        RowsPerTurn = (int)Math.Clamp(StepsPerTurn / steps, 1, PredictionEngine.RowsPerTurn);
        if (MaxRows == 0 || steps > MaxRowSteps)
        {
            Refusal = "a row of it would take more than 4 MiB or a tenth of a second";
        }
    }

    /// <summary>Why the model explains nothing, as half a sentence; null if it does.</summary>
    public string? Refusal { get; }

    /// <summary>How many a request may have explained: what the answer's length and the work allow.</summary>
    public int MaxRows { get; }

    /// <summary>After which a batch lets others run.</summary>
    public int RowsPerTurn { get; }

    /// <summary>Of one row.</summary>
    public int Numbers => _explainer is null ? 0 : _explainer.Margins * _explainer.Width;

    /// <param name="contributions">Receives as many as <see cref="Numbers"/>.</param>
    public void Explain(ReadOnlySpan<double> features, Span<double> contributions) => _explainer!.Explain(features, contributions);

    /// <summary>Writes a member of the answer, behind the others.</summary>
    public void Append(ArrayBufferWriter<byte> buffer, ReadOnlySpan<double> contributions)
    {
        buffer.Write(",\"contributions\":"u8);
        var width = 1 + _featureKeys.Length;
        for (var margin = 0; margin < contributions.Length / width; margin++)
        {
            if (_classKeys.Length > 0)
            {
                buffer.Write(margin == 0 ? "{"u8 : ","u8);
                buffer.Write(_classKeys[margin]);
            }
            AppendMargin(buffer, contributions.Slice(margin * width, width));
        }
        if (_classKeys.Length > 0)
        {
            buffer.Write("}"u8);
        }
    }

    private void AppendMargin(ArrayBufferWriter<byte> buffer, ReadOnlySpan<double> contributions)
    {
        buffer.Write("{\"base\":"u8);
        buffer.WriteNumber(contributions[0]);
        buffer.Write(",\"features\":{"u8);
        for (var f = 0; f < _featureKeys.Length; f++)
        {
            if (f > 0)
            {
                buffer.Write(","u8);
            }
            buffer.Write(_featureKeys[f]);
            buffer.WriteNumber(contributions[1 + f]);
        }
        buffer.Write("}}"u8);
    }
}
