using IrisOperator.Testing;

[assembly: AssemblyFixture(typeof(IrisOperator.Images.Tests.BuiltImages))]

namespace IrisOperator.Images.Tests;

/// <summary>The three images as `make images` makes them, without a registry. Built when the first test asks for them.</summary>
public sealed class BuiltImages : IDisposable
{
    public const string Version = "0.0.1-test";

    public static readonly (string Name, string Project, string Program)[] All =
    [
        ("iris-operator", "Operator", "/app/iris-operator"),
        ("iris-trainer", "TrainerImage", "/app/train"),
        ("iris-serving", "ServingImage", "/app/iris-serving"),
    ];

    private readonly TempFolder _folder = new();
    private readonly Lazy<Task> _built;
    private readonly Dictionary<string, Image> _images = [];

    public BuiltImages()
    {
        _built = new Lazy<Task>(() => BuildAsync(_folder.Path));
    }

    public static TheoryData<string> Names => [.. All.Select(image => image.Name)];

    /// <summary>As in the table of hack/images/build.</summary>
    public static string BaseOf(string name) => name switch
    {
        "iris-trainer" => "trainer",
        "iris-serving" => "serving",
        _ => "native",
    };

    public static async Task BuildAsync(string folder)
    {
        Tool.Require(("jq", "jq"), ("skopeo", "skopeo"));
        await Tool.RunAsync("hack/images/build", [], ("VERSION", Version), ("IMAGES_DIR", folder));
    }

    public async Task<Image> GetAsync(string name)
    {
        await _built.Value;
        lock (_images)
        {
            return _images.TryGetValue(name, out var image) ? image : _images[name] = new Image(_folder.Combine(name));
        }
    }

    public async Task<string> SbomAsync(string name)
    {
        await _built.Value;
        return await File.ReadAllTextAsync(_folder.Combine($"{name}.spdx.json"));
    }

    public void Dispose() => _folder.Dispose();
}
