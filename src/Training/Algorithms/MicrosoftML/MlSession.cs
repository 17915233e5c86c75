using System.Reflection;
using System.Runtime.CompilerServices;
using IrisOperator.Training.Native;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace IrisOperator.Training.Algorithms.MicrosoftML;

/// <summary>One training by Microsoft.ML: seeded, with one thread, ended by the token where the trainer looks.</summary>
internal static class MlSession
{
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

    /// <summary>A column of vectors, row after row.</summary>
    public static float[] Vectors(IDataView view, string name)
    {
        var answers = new float[view.GetRowCount()!.Value * ((VectorDataViewType)view.Schema[name].Type).Size];
        var filled = 0;
        var column = view.Schema[name];
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        var buffer = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            getter(ref buffer);
            buffer.CopyTo(answers.AsSpan(filled));
            filled += buffer.Length;
        }
        return answers;
    }

    /// <summary>A column of numbers.</summary>
    public static float[] Numbers(IDataView view, string name) => [.. view.GetColumn<float>(name)];

    /// <summary>The models of the classes in their order.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_SubModelParameters")]
    public static extern System.Collections.Immutable.ImmutableArray<object> SubModels(OneVersusAllModelParameters model);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CancelExecution")]
    private static extern void Cancel(MLContext context);
}
