using System.Text.RegularExpressions;

namespace IrisOperator.Architecture.Tests;

public sealed partial class LogMessageTests
{
    // A line had Key beside key, and its text a second time as the value Message.
    [Fact]
    public void a_value_has_one_spelling_in_all_log_lines_and_none_is_called_as_the_line_is()
    {
        var names = Directory.EnumerateFiles(Repository.Path("src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(path => Attribute().Matches(File.ReadAllText(path)))
            .SelectMany(attribute => Placeholder().Matches(attribute.Value))
            .Select(placeholder => placeholder.Groups[1].Value)
            .ToArray();

        Assert.True(names.Length > 50, "the attributes are not found");
        Assert.All(names, name => Assert.True(char.IsUpper(name[0]) && name != "Message", name));
    }

    [GeneratedRegex(@"\[LoggerMessage\(.*?\)\]", RegexOptions.Singleline)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\{(\w+)[:}]")]
    private static partial Regex Placeholder();
}
