namespace IrisOperator.Registry.Wire;

/// <summary>RFC 8288, as far as lists need it.</summary>
internal static class LinkHeader
{
    /// <summary>The target of <c>rel="next"</c>; null when the list ends here.</summary>
    public static string? Next(IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            var rest = value.AsSpan();
            while (rest.IndexOf('<') is >= 0 and var open && rest[open..].IndexOf('>') is > 0 and var length)
            {
                var target = rest.Slice(open + 1, length - 1);
                rest = rest[(open + length + 1)..];
                var parameters = rest.IndexOf('<') is >= 0 and var more ? rest[..more] : rest;
                if (IsNext(parameters))
                {
                    return target.ToString();
                }
            }
        }

        return null;
    }

    private static bool IsNext(ReadOnlySpan<char> parameters)
    {
        foreach (var range in parameters.Split(';'))
        {
            var parameter = parameters[range].Trim(" ,\t");
            if (parameter.StartsWith("rel", StringComparison.OrdinalIgnoreCase)
                && parameter[3..].Trim().TrimStart('=').Trim(" \"").Equals("next", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
