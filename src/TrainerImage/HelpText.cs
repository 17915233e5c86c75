using System.Text;
using IrisOperator.Learning.Training;

namespace IrisOperator.TrainerImage;

internal static class HelpText
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("""
            train <input> <output> [options]
            train publish <model folder> [options], see train publish --help
            train prune [options], see train prune --help

            Learns to predict a label from a table of numbers.

              <input>   a folder with a CSV file, or a CSV file: a header, numbers, a label column
                        (a folder that is called publish or prune is written ./publish, ./prune)
              <output>  a folder (made if absent) for model.json, model.txt, report.json and manifest.json

            Options (or the variable; an option wins over its variable, repeatable ones are separated by commas there)

            """);
        foreach (var option in OptionDefinition.All)
        {
            var left = $"{option.Name} {option.Value}";
            text.Append($"  {left,-24} {option.EnvironmentName,-16} {option.Help}{(option.Repeatable ? "; repeatable" : "")}\n");
        }
        text.Append("  --help, --version\n\nAlgorithms and their parameters\n");
        foreach (var algorithm in Algorithms.All)
        {
            text.Append($"  {algorithm.Name}\n");
            foreach (var parameter in algorithm.Parameters)
            {
                text.Append($"    {parameter.Name,-16} {parameter.Default,-6} {parameter.Allowed}\n");
            }
        }
        text.Append("""

            Exit codes
              0  trained: accepted, or rejected by --require
              1  failed, another attempt may succeed (disk, signal, crash)
              2  failed, another attempt would fail in the same way (data, parameters, arguments, missing library)

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }
}
