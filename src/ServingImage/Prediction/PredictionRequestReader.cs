using System.Buffers;
using System.Text.Json;
using IrisOperator.Common;

namespace IrisOperator.ServingImage.Prediction;

/// <summary>
/// From the bytes of a request to numbers. Everything that is wrong with a request is said in one sentence that starts
/// with the field; no message carries more of the request than a property's name.
/// </summary>
internal sealed class PredictionRequestReader(ModelText text)
{
    /// <summary>Rows of a batch. A larger table is sent in parts: an answer is whole or an error, never a part.</summary>
    public const int MaxRows = 4096;

    private const int MaxNameLength = 64;

    private readonly int _features = text.Features.Length;

    /// <summary>Null, or what to tell the client.</summary>
    public string? Read(in ReadOnlySequence<byte> body, PredictionWork input)
    {
        input.Clear();
        if (body.IsEmpty)
        {
            return $"body: empty; expected {{\"data\":[…]}} with {text.ExpectedRow}";
        }
        var reader = body.IsSingleSegment ? new Utf8JsonReader(body.FirstSpan) : new Utf8JsonReader(body);
        try
        {
            return ReadDocument(ref reader, input);
        }
        catch (JsonException error)
        {
            return NotJson(error, body.Slice(reader.BytesConsumed), input);
        }
        catch (InvalidOperationException)
        {
            // The reader checks the text of a name only when it is compared: one that is not UTF-8, or half of a surrogate pair.
            return "body: expected field names in valid UTF-8";
        }
    }

    private string? ReadDocument(ref Utf8JsonReader reader, PredictionWork input)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return $"body: expected an object with the field data, got {Kind(reader.TokenType)}";
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadMember(ref reader, input) is { } error)
            {
                return error;
            }
        }
        // Throws when anything but white space follows the object.
        reader.Read();
        return !input.HasData ? $"data: missing; expected {text.ExpectedRow}"
            : text.IsRegression && input.WantsProbabilities is true ? "probabilities: expected false, for this model answers a number"
            : input.WantsExplanation is true ? Unexplained(input) : null;
    }

    private string? ReadMember(ref Utf8JsonReader reader, PredictionWork input)
    {
        if (reader.ValueTextEquals("data"u8))
        {
            var error = input.HasData ? "data: given twice" : ReadData(ref reader, input);
            input.HasData = true;
            return error;
        }
        if (reader.ValueTextEquals("probabilities"u8))
        {
            return ReadFlag(ref reader, "probabilities", ref input.WantsProbabilities);
        }
        if (reader.ValueTextEquals("explain"u8))
        {
            return ReadFlag(ref reader, "explain", ref input.WantsExplanation);
        }
        return $"{PropertyName(ref reader)}: unknown field; allowed are data, probabilities and explain";
    }

    private static string? ReadFlag(ref Utf8JsonReader reader, string name, ref bool? flag)
    {
        if (flag is not null)
        {
            return $"{name}: given twice";
        }
        reader.Read();
        flag = reader.TokenType == JsonTokenType.True;
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? null
            : $"{name}: expected true or false, got {Kind(reader.TokenType)}";
    }

    private string? Unexplained(PredictionWork input)
    {
        var contributions = text.Contributions;
        return contributions.Refusal is { } refusal ? $"explain: expected false, for this model explains nothing: {refusal}"
            : input.Rows > contributions.MaxRows
                ? $"data: expected at most {contributions.MaxRows} rows of this model to explain, got {input.Rows}"
                : null;
    }

    private string? ReadData(ref Utf8JsonReader reader, PredictionWork input)
    {
        input.Column = 0;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return $"data: expected {text.ExpectedRow}, got {Kind(reader.TokenType)}";
        }
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            return $"data: expected {text.ExpectedRow} or at least one such row, got an empty array";
        }
        input.IsBatch = reader.TokenType == JsonTokenType.StartArray;
        var error = input.IsBatch ? ReadRows(ref reader, input) : ReadRow(ref reader, input);
        input.Column = -1;
        return error;
    }

    private string? ReadRows(ref Utf8JsonReader reader, PredictionWork input)
    {
        for (input.Row = 0; reader.TokenType != JsonTokenType.EndArray; input.Row++)
        {
            if (input.Row == MaxRows)
            {
                return $"data: expected at most {MaxRows} rows in a batch, got more";
            }
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return $"data[{input.Row}]: expected {text.ExpectedRow}, got {Kind(reader.TokenType)}";
            }
            input.Column = 0;
            reader.Read();
            if (ReadRow(ref reader, input) is { } error)
            {
                return error;
            }
            input.Column = -1;
            reader.Read();
        }
        return null;
    }

    /// <summary>Begins on the first token inside the brackets, ends on the closing one.</summary>
    private string? ReadRow(ref Utf8JsonReader reader, PredictionWork input)
    {
        input.Column = 0;
        while (reader.TokenType != JsonTokenType.EndArray)
        {
            var error = input.Column < _features ? ReadValue(ref reader, input, text.Features[input.Column]) : Surplus(ref reader, input);
            if (error is not null)
            {
                return error;
            }
            // Before the next token is read, which may be one that does not exist: NaN.
            input.Column++;
            reader.Read();
        }
        if (input.Column != _features)
        {
            return $"{RowPlace(input)}: expected {text.ExpectedRow}, got {input.Column}";
        }
        input.EndRow();
        return null;
    }

    private string? ReadValue(ref Utf8JsonReader reader, PredictionWork input, FeatureText feature)
    {
        if (reader.TokenType == JsonTokenType.Number && feature.Categories is null)
        {
            // A literal such as 1e999 is JSON, and infinite as a double.
            if (!reader.TryGetDouble(out var value) || !double.IsFinite(value))
            {
                return $"{Place(input)}: expected a finite number, got one that is too large";
            }
            input.Add(value);
            return null;
        }
        if (reader.TokenType == JsonTokenType.Null && feature.TakesMissing)
        {
            input.Add(double.NaN);
            return null;
        }
        if (reader.TokenType != JsonTokenType.String || feature.Categories is not { } categories)
        {
            return $"{Place(input)}: expected {feature.Expected}, got {Kind(reader.TokenType)}";
        }
        if (!categories.TryFind(ref reader, out var index))
        {
            return $"{Place(input)}: expected a string in valid UTF-8";
        }
        input.Add(index);
        return null;
    }

    /// <summary>What is in a row behind its last feature is counted, but for what no row holds.</summary>
    private string? Surplus(ref Utf8JsonReader reader, PredictionWork input) =>
        reader.TokenType is JsonTokenType.Number || (text.HasCategories && reader.TokenType is JsonTokenType.String) ? null
        : $"{Place(input)}: expected a number, got {Kind(reader.TokenType)}";

    private string NotJson(JsonException error, in ReadOnlySequence<byte> rest, PredictionWork input)
    {
        // NaN and Infinity are what most languages print and JSON does not know: worth a sentence of their own.
        if (input.Column >= 0 && TakesNumber(input.Column) && NotFinite(rest) is { } literal)
        {
            return $"{Place(input)}: expected a finite number, got {literal}";
        }
        return $"body: not valid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}";
    }

    private bool TakesNumber(int column) => column >= _features || text.Features[column].Categories is null;

    private static string? NotFinite(in ReadOnlySequence<byte> rest)
    {
        Span<byte> copy = stackalloc byte[32];
        var start = rest.Slice(0, Math.Min(rest.Length, copy.Length));
        start.CopyTo(copy);
        var literal = copy[..(int)start.Length].TrimStart(" \t\r\n,"u8).TrimStart("+-"u8);
        return literal.StartsWith("NaN"u8) || literal.StartsWith("nan"u8) ? "NaN"
            : literal.StartsWith("Inf"u8) || literal.StartsWith("inf"u8) ? "an infinite one"
            : null;
    }

    private static string RowPlace(PredictionWork input) => input.IsBatch ? $"data[{input.Row}]" : "data";

    private string Place(PredictionWork input)
    {
        var place = $"{RowPlace(input)}[{input.Column}]";
        return input.Column < _features ? $"{place} ({text.Features[input.Column].Name})" : place;
    }

    private static string PropertyName(ref Utf8JsonReader reader) =>
        reader.GetString() is { Length: > 0 } name ? Text.Truncate(name, MaxNameLength + 1) : "\"\"";

    private static string Kind(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };
}
