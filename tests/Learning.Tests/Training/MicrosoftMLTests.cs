using System.Reflection;
using System.Runtime.Loader;
using IrisOperator.Testing;
using IrisOperator.Training.Algorithms.MicrosoftML;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Training;

public sealed class MicrosoftMLTests
{
    public MicrosoftMLTests() => NativeLibraries.Require();

    [Fact]
    public void a_bound_splits_doubles_as_the_threshold_splits_what_they_are_rounded_to()
    {
        var random = new Random(5);
        for (var i = 0; i < 10_000; i++)
        {
            var threshold = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30)));
            var bound = MlTrees.ExclusiveBound(threshold);

            Assert.True((float)Math.BitDecrement(bound) <= threshold, $"{threshold:R}");
            Assert.False((float)bound <= threshold, $"{threshold:R}");
        }
    }

    [Fact]
    public void the_half_between_two_floats_belongs_to_the_even_one()
    {
        // 16777217 lies half way between two floats and is rounded down; 16777219 half way between the next two, and is rounded up.
        Assert.Equal(Math.BitIncrement(16777217.0), MlTrees.ExclusiveBound(16777216));
        Assert.Equal(16777219.0, MlTrees.ExclusiveBound(16777218));
    }

    [Theory]
    [InlineData("xgboost", false)]
    [InlineData("svm", false)]
    [InlineData("lightgbm", true)]
    public void microsoft_ml_is_loaded_only_by_its_own_algorithms(string algorithm, bool loads)
    {
        var context = new IsolatedContext();
        try
        {
            var training = context.LoadFromAssemblyName(typeof(Trainer).Assembly.GetName());

            Train(training, algorithm);

            var loaded = context.Assemblies.Select(assembly => assembly.GetName().Name!).ToArray();
            Assert.Contains("IrisOperator.Learning", loaded);
            Assert.Equal(loads, loaded.Any(name => name.StartsWith("Microsoft.ML", StringComparison.Ordinal)));
        }
        finally
        {
            context.Unload();
        }
    }

    [Fact]
    public void the_version_of_the_library_is_that_of_its_package() => Assert.Equal("Microsoft.ML 5.0.1", MlSession.Version);

    [Theory]
    [InlineData("lightgbm", "rounds=10000")]
    [InlineData("random-forest", "trees=10000")]
    [InlineData("logistic-regression", "tolerance=1e-30,l1=0,l2=0,iterations=1000000")]
    public void a_fit_that_has_begun_can_be_cancelled(string algorithm, string parameters)
    {
        var dataset = Samples.Clouds(4, 4000, 6);
        var options = new TrainingOptions
        {
            Algorithm = algorithm,
            Folds = 2,
            Parameters = parameters.Split(',').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]),
        };
        // Long before any of them could end by itself.
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        Assert.Throws<OperationCanceledException>(() => new Trainer(dataset, options).Train(null, cancelled.Token));
    }

    /// <summary>Through reflection, because the types of the isolated assemblies are not those of this one.</summary>
    private static void Train(Assembly training, string algorithm)
    {
        var dataset = training.GetType(typeof(DatasetReader).FullName!)!.GetMethod(nameof(DatasetReader.ReadFile))!
            .Invoke(null, [Repository.IrisCsv, null]);
        var optionsType = training.GetType(typeof(TrainingOptions).FullName!)!;
        var options = Activator.CreateInstance(optionsType)!;
        optionsType.GetProperty(nameof(TrainingOptions.Algorithm))!.SetValue(options, algorithm);
        var trainerType = training.GetType(typeof(Trainer).FullName!)!;
        var trainer = Activator.CreateInstance(trainerType, dataset, options)!;
        trainerType.GetMethod(nameof(Trainer.Train))!.Invoke(trainer, [null, TestContext.Current.CancellationToken]);
    }

    /// <summary>Loads again what lies beside the tests, so that what other tests have loaded does not show.</summary>
    private sealed class IsolatedContext() : AssemblyLoadContext("isolated", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var file = Path.Combine(AppContext.BaseDirectory, $"{assemblyName.Name}.dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName)
        {
            var file = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", $"lib{unmanagedDllName}.so");
            return File.Exists(file) ? LoadUnmanagedDllFromPath(file) : 0;
        }
    }
}
