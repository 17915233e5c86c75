using System.Reflection;
using System.Runtime.CompilerServices;
using IrisOperator.Training.Native;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

namespace IrisOperator.Training.Algorithms.MicrosoftML;

/// <summary>One training by Microsoft.ML: seeded, with one thread, ended by the token where the trainer looks.</summary>
internal static class MlSession
{
    private const int RowsAtOnce = 8192;

    /// <summary>Name and version for a report.</summary>
    public static string Version { get; } = "Microsoft.ML "
        + typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+', '-')[0];

    /// <param name="fit">Fits by the context and answers each row that was fitted.</param>
    /// <exception cref="NativeLibraryException">A library is missing, or the trainer failed.</exception>
    public static T Run<T>(int seed, Func<MLContext, T> fit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var context = new MLContext(seed);
        using var cancels = cancellationToken.Register(() => Cancel(context));
        try
        {
            var result = fit(context);
            cancellationToken.ThrowIfCancellationRequested();
            return result;
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidOperationException or AggregateException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new NativeLibraryException($"{Version}: {e.GetBaseException().Message.Split('\n')[0].Trim()}", e);
        }
    }

    /// <summary>The score of each row by a fitted model, row after row, by all processors.</summary>
    public static float[] Scores(ITransformer fitted, RowsView view)
    {
        var score = fitted.GetOutputSchema(view.Schema)["Score"].Type;
        var width = score is VectorDataViewType vector ? vector.Size : 1;
        var rows = (int)view.GetRowCount()!.Value;
        var scores = new float[rows * width];
        Parallel.For(0, (rows + RowsAtOnce - 1) / RowsAtOnce, part =>
        {
            var first = part * RowsAtOnce;
            var count = Math.Min(RowsAtOnce, rows - first);
            var scored = fitted.Transform(view.Slice(first, count));
            var to = scores.AsSpan(first * width, count * width);
            if (score is VectorDataViewType)
            {
                foreach (var answer in scored.GetColumn<VBuffer<float>>("Score"))
                {
                    answer.CopyTo(to);
                    to = to[width..];
                }
            }
            else
            {
                scored.GetColumn<float>("Score").ToArray().CopyTo(to);
            }
        });
        return scores;
    }

    /// <summary>The models of the classes in their order.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_SubModelParameters")]
    public static extern System.Collections.Immutable.ImmutableArray<object> SubModels(OneVersusAllModelParameters model);

    /// <summary>Scores by one of the models of the classes: that of all of them starts several threads for each row.</summary>
    public static ITransformer Scorer<T>(MLContext context, T model, RowsView view)
        where T : class => BinaryScorer<T>.Create(context, model, view.Schema, RowsView.Features, 0, "Score");

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CancelExecution")]
    private static extern void Cancel(MLContext context);

    private static class BinaryScorer<T>
        where T : class
    {
        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern BinaryPredictionTransformer<T> Create(
            IHostEnvironment env, T model, DataViewSchema inputSchema, string featureColumn, float threshold, string thresholdColumn);
    }
}
