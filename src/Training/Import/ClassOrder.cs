using System.Globalization;
using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;

namespace IrisOperator.Training.Import;

/// <summary>Which class of a table each margin of a model is about.</summary>
internal static class ClassOrder
{
    /// <summary>
    /// The model with its margins in the order of the table's classes. Where the file has names they have to be those of the table; numbers
    /// that count from 0 or 1 stand for the classes in their order.
    /// </summary>
    /// <param name="file">A model of as many classes as the table has.</param>
    /// <exception cref="InputException">Other names than the table's.</exception>
    public static ForeignModel Of(Dataset table, List<string> assumptions, ForeignModelFile file)
    {
        var (model, classes) = (file.Model, table.Classes);
        if (model.Labels is not { } labels || labels.SequenceEqual(classes))
        {
            return model;
        }
        if (labels.Order(StringComparer.Ordinal).SequenceEqual(classes.Order(StringComparer.Ordinal)))
        {
            return Reordered(model, [.. labels.Select(label => classes.ToList().IndexOf(label))]);
        }
        if (labels.SequenceEqual(Numbers(0, labels.Count)) || labels.SequenceEqual(Numbers(1, labels.Count)))
        {
            assumptions.Add(
                $"{file.Name} numbers its classes, which are taken in the order of the table's: {string.Join(", ", classes.Take(10))}");
            return model;
        }
        throw ForeignModel.Wrong(
            $"{file.Name} tells {string.Join(", ", labels.Take(10))} apart, and column {table.Target} of {table.FileName} has "
            + string.Join(", ", classes.Take(10)));
    }

    private static IEnumerable<string> Numbers(int first, int count) =>
        Enumerable.Range(first, count).Select(number => number.ToString(CultureInfo.InvariantCulture));

    /// <param name="order">Per margin the class that it is about.</param>
    private static ForeignModel Reordered(ForeignModel model, int[] order)
    {
        var margins = model.Trees?.Classes ?? model.DoubleTrees?.Classes ?? model.Linear?.Weights.Length ?? model.Classes;
        if (margins != order.Length)
        {
            throw ForeignModel.Wrong(
                $"its classes {string.Join(", ", model.Labels!)} are in another order than numbers and texts are sorted in");
        }
        return model with
        {
            Trees = Reordered(model.Trees, order),
            DoubleTrees = Reordered(model.DoubleTrees, order),
            Onnx = model.Onnx is null ? null : model.Onnx with { Order = order },
            Linear = model.Linear is not { } linear ? null : linear with
            {
                Weights = Sorted(linear.Weights, order),
                Intercepts = Sorted(linear.Intercepts, order),
                Link = Reordered(linear.Link, order),
            },
        };
    }

    private static TreesDocument<T>? Reordered<T>(TreesDocument<T>? trees, int[] order)
        where T : struct => trees is null ? null : trees with
        {
            Trees = [.. trees.Trees.Select(tree => tree with { Class = order[tree.Class] })],
            Link = Reordered(trees.Link, order),
        };

    private static LinkDocument? Reordered(LinkDocument? link, int[] order) => link is null ? null : link with
    {
        Slopes = link.Slopes is null ? null : Sorted(link.Slopes, order),
        Offsets = link.Offsets is null ? null : Sorted(link.Offsets, order),
    };

    private static T[] Sorted<T>(T[] values, int[] order)
    {
        var sorted = new T[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            sorted[order[i]] = values[i];
        }
        return sorted;
    }
}
