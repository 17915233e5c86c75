using System.Text;

namespace IrisOperator.TrainerImage.Publishing;

internal static class PublishHelpText
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("""
            train publish <model folder> [options]

            Publishes a trained model as the next version of an image: a base image and one layer with the model.

              <model folder>   as train leaves it; it is verified first. A run that was not accepted is not published

            Options (or the variable; an option wins over its variable, repeatable ones are separated by commas there)

            """);
        foreach (var option in PublishOption.All)
        {
            var left = $"{option.Name} {option.Value}".TrimEnd();
            text.Append($"  {left,-34} {option.EnvironmentName,-22} {option.Help}{(option.Repeatable ? "; repeatable" : "")}\n");
        }
        text.Append("""
              --help

            What the newest version of the series is already is not published again, and no version is ever overwritten.
            A model with other features or classes than the highest version of its major needs a higher major.

            Exit codes
              0  published, unchanged or skipped
              1  failed, another attempt may succeed (registry away, disk, signal)
              2  failed, another attempt would fail in the same way (arguments, credentials, schema, a damaged model)

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }
}
