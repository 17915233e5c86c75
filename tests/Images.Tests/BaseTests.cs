namespace IrisOperator.Images.Tests;

/// <summary>Outside of /app there is only what the program loads, and what a name, a user or a scanner needs.</summary>
public sealed class BaseTests(BuiltImages images)
{
    private const string Libraries = "usr/lib/x86_64-linux-gnu/";

    // Opened by name while the program runs, so no ELF file tells of them.
    private static readonly Dictionary<string, string[]> OpenedByName = new()
    {
        ["iris-operator"] = ["libssl.so.3", "libcrypto.so.3"],   // .NET's cryptography
        ["iris-serving"] = ["libssl.so.3", "libcrypto.so.3"],
        ["iris-trainer"] = ["libssl.so.3", "libcrypto.so.3", "libxgboost.so.0", "libsvm.so.3"],
    };

    private static readonly string[] Data =
    [
        "etc/group", "etc/passwd",                  // the user's name and home
        "etc/nsswitch.conf",                        // /etc/hosts before DNS
        "etc/os-release",                           // which advisories a scanner has to read
        "etc/ssl/certs/ca-certificates.crt",        // registries
        "lib", "lib64", "usr/lib64/ld-linux-x86-64.so.2",
    ];

    // .NET ships a tracing library that it loads only where LTTng is installed, and debugger files that nothing loads here.
    private static readonly string[] Optional = ["liblttng-ust.so.0"];

    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task base_holds_no_file_that_nothing_needs(string name)
    {
        var image = await images.GetAsync(name);
        var loaded = Loaded(image, name, out var missing);

        var surplus = image.Files.Values
            .Where(file => file.Kind != "Directory" && !file.Path.StartsWith("app/", StringComparison.Ordinal))
            .Where(file => !file.Path.StartsWith("var/lib/dpkg/status.d/", StringComparison.Ordinal))
            .Where(file => !Data.Contains(file.Path) && !loaded.Contains(file.Path))
            .Select(file => file.Path);

        Assert.Empty(surplus);
        Assert.Empty(missing.Except(Optional));
    }

    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task nothing_in_an_image_belongs_to_or_is_writable_by_its_user(string name)
    {
        var image = await images.GetAsync(name);

        var odd = image.Files.Values.Where(file =>
            file.Owner != "0:0" || (file.Mode != "-" && (Convert.ToInt32(file.Mode, 8) & 0xE12) != 0));

        Assert.Equal(["tmp", "var/tmp"], odd.Select(file => file.Path));
        Assert.Equal("65532:65532", image.Config.GetProperty("config").GetProperty("User").GetString());
    }

    [Theory]
    [MemberData(nameof(BuiltImages.Names), MemberType = typeof(BuiltImages))]
    public async Task every_debian_package_on_record_has_a_file_and_every_library_a_package(string name)
    {
        var image = await images.GetAsync(name);
        var records = image.Files.Keys.Where(path => path.StartsWith("var/lib/dpkg/status.d/", StringComparison.Ordinal)).ToArray();
        var owned = records.Where(path => path.EndsWith(".md5sums", StringComparison.Ordinal))
            .SelectMany(path => System.Text.Encoding.UTF8.GetString(image.Content(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 2)..]).ToArray();

        Assert.NotEmpty(owned);
        Assert.Empty(owned.Except(image.Files.Keys));
        Assert.Empty(image.Files.Keys.Where(path => path.StartsWith(Libraries, StringComparison.Ordinal)).Except(owned));
    }

    private static HashSet<string> Loaded(Image image, string name, out HashSet<string> missing)
    {
        var waiting = new Queue<string>(image.Files.Values
            .Where(file => file.Kind == "File" && file.Path.StartsWith("app/", StringComparison.Ordinal)
                && Elf.Is(image.Content(file.Path)))
            .Select(file => file.Path)
            .Concat(OpenedByName[name].Select(library => Libraries + library)));
        var loaded = new HashSet<string>(StringComparer.Ordinal);
        missing = [];
        while (waiting.TryDequeue(out var path))
        {
            if (!loaded.Add(path))
            {
                continue;
            }
            foreach (var library in Elf.Needed(image.Content(path)))
            {
                var found = new[] { $"app/{library}", Libraries + library }.FirstOrDefault(image.Files.ContainsKey);
                if (found is null)
                {
                    missing.Add(library);
                }
                else
                {
                    waiting.Enqueue(found);
                }
            }
        }
        return loaded;
    }
}
