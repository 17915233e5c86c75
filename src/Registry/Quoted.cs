namespace IrisOperator.Registry;

/// <summary>Foreign text for a message: short, and without characters that could pass for something else in a log.</summary>
internal static class Quoted
{
    private const int MaxLength = 120;

    public static string Text(string? text)
    {
        if (text is null)
        {
            return "nothing";
        }

        var shown = text.Length > MaxLength ? string.Concat(text.AsSpan(0, MaxLength), "…") : text;
        return $"\"{string.Create(shown.Length, shown, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? '?' : from[i];
            }
        })}\"";
    }
}
