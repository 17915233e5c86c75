using IrisOperator.Testing;
using IrisOperator.Training.Data;

namespace IrisOperator.Learning.Tests.Data;

public sealed class DatasetFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void the_only_csv_is_found_beside_other_files()
    {
        File.WriteAllText(_folder.Combine("README"), "");
        File.WriteAllText(_folder.Combine("a.CSV"), "");
        File.WriteAllText(_folder.Combine("..data.csv"), "");

        Assert.Equal([_folder.Combine("a.CSV")], DatasetFile.Find(_folder.Path, null));
        Assert.Equal([_folder.Combine("README")], DatasetFile.Find(_folder.Path, "README"));
        Assert.Equal([_folder.Combine("a.CSV")], DatasetFile.Find(_folder.Combine("a.CSV"), null));
    }

    [Fact]
    public void none_or_several_are_listed()
    {
        Assert.Equal($"{_folder.Path}: no *.csv file; the folder has no files", Message(null));
        File.WriteAllText(_folder.Combine("notes.txt"), "");
        Assert.Equal($"{_folder.Path}: no *.csv file; the files there are notes.txt", Message(null));
        File.WriteAllText(_folder.Combine("b.csv"), "");
        File.WriteAllText(_folder.Combine("a.csv"), "");
        Assert.Equal($"{_folder.Path}: several *.csv files (a.csv, b.csv); say which by --file", Message(null));
        Assert.Equal($"c.csv: no such file in {_folder.Path}; the files there are a.csv, b.csv, notes.txt", Message("c.csv"));
    }

    [Fact]
    public void a_folder_or_a_pattern_names_several_files_in_the_order_of_their_names()
    {
        Directory.CreateDirectory(_folder.Combine("parts"));
        foreach (var name in new[] { "10.csv", "9.csv", "b.TSV.gz", "notes.txt", ".hidden.csv" })
        {
            File.WriteAllText(_folder.Combine("parts", name), "");
        }

        Assert.Equal(["10.csv", "9.csv", "b.TSV.gz"], DatasetFile.Find(_folder.Path, "parts").Select(Path.GetFileName));
        Assert.Equal(["10.csv", "9.csv"], DatasetFile.Find(_folder.Path, "parts/*.csv").Select(Path.GetFileName));
        Assert.Equal(["9.csv"], DatasetFile.Find(_folder.Path, "parts/?.csv").Select(Path.GetFileName));
        Assert.Equal(["10.csv", "9.csv"], DatasetFile.Find(_folder.Combine("parts", "*.csv"), null).Select(Path.GetFileName));
        Assert.Equal($"*.csv: no such file in {_folder.Path}; the folder has no files", Message("*.csv"));
        Assert.Equal($"none/*.csv: no such file in {_folder.Path}; the folder has no files", Message("none/*.csv"));
    }

    [Theory]
    [InlineData("../secret.csv")]
    [InlineData("../*.csv")]
    [InlineData("/etc/passwd")]
    public void a_name_outside_the_input_is_refused(string name)
    {
        Assert.Equal($"--file {name}: is not inside {_folder.Path}", Message(name));
    }

    [Fact]
    public void an_input_that_does_not_exist_is_named()
    {
        var e = Assert.Throws<InputException>(() => DatasetFile.Find("/no/such/place", null));
        Assert.Equal("/no/such/place: no such file or folder", e.Message);
    }

    private string Message(string? name) => Assert.Throws<InputException>(() => DatasetFile.Find(_folder.Path, name)).Message;
}
