using System.Text;

namespace IrisOperator.TrainerImage.Pruning;

internal static class PruneHelpText
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("""
            train prune [options]

            Removes old versions of an image from its repository.

            Options (or the variable; an option wins over its variable, repeatable ones are separated by commas there)

            """);
        foreach (var option in PruneOption.All)
        {
            var left = $"{option.Name} {option.Value}".TrimEnd();
            text.Append($"  {left,-34} {option.EnvironmentName,-22} {option.Help}{(option.Repeatable ? "; repeatable" : "")}\n");
        }
        text.Append("""
              --help

            Only semantic versions are removed, never the highest, and by digest, so a version whose image has another tag
            that stays, stays too. Blobs are the registry's to collect.

            Exit codes
              0  removed, or with --dry-run told what would be
              1  failed, another attempt may succeed (registry away, signal)
              2  failed, another attempt would fail in the same way (arguments, credentials, deletion not allowed)

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }
}
