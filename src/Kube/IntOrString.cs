using System.Globalization;
using System.Text.Json.Serialization;

namespace IrisOperator.Kube;

/// <summary>A port number or name, a count or a percentage. The two are different to the server: <c>"80"</c> is a port's name.</summary>
[JsonConverter(typeof(IntOrStringConverter))]
public readonly record struct IntOrString
{
    private readonly int _number;

    public IntOrString(int value) => _number = value;

    public IntOrString(string value) => Text = value;

    /// <summary>Null when it is a number.</summary>
    public string? Text { get; }

    public int? Number => Text is null ? _number : null;

    public static implicit operator IntOrString(int value) => new(value);

    public static implicit operator IntOrString(string value) => new(value);

    public static IntOrString FromInt32(int value) => new(value);

    public static IntOrString FromString(string value) => new(value);

    public override string ToString() => Text ?? _number.ToString(CultureInfo.InvariantCulture);
}
