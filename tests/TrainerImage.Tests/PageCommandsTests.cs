using System.Net;
using System.Net.Sockets;
using IrisOperator.Registry;
using IrisOperator.Testing;
using IrisOperator.TrainerImage.Tests.Publishing;

namespace IrisOperator.TrainerImage.Tests;

/// <summary>
/// The commands of the pages about the images, with the built programs in place of docker and a registry of the test's in place of
/// registry.example.
/// </summary>
public sealed class PageCommandsTests : IDisposable
{
    // A container is its program, with the folders of the host in place of those that are mounted. A server goes on beside the shell.
    private const string Docker = """
        trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
        serve() {
            local port=$1 folder=$2
            IRIS_PORT=$port IRIS_MODEL_DIR=$folder dotnet "$PROGRAMS/iris-serving.dll" >&2 &
            timeout 30 bash -c "until curl --silent --fail --output /dev/null localhost:$port/readyz; do sleep 0.1; done"
        }
        # The registry has no certificate.
        skopeo() {
            case $1 in
                inspect) command skopeo inspect --tls-verify=false "${@:2}" ;;
                copy) command skopeo copy --src-tls-verify=false "${@:2}" ;;
            esac
        }
        docker() {
            [[ $1 == run ]]; shift
            local from=/ to=/ port=0
            while [[ $1 == -* ]]; do
                case $1 in
                    -v) IFS=: read -r from to _ <<<"$2" ;;
                    -p) port=${2%%:*} ;;
                    -e) [[ $2 == "IRIS_MODEL_DIR=$to" ]] ;;
                esac
                shift 2
            done
            local image=$1; shift
            case $image in
                */iris-trainer:*) dotnet "$PROGRAMS/train.dll" "${@/#$to/$from}" ;;
                */iris-serving:*) serve "$port" "$from" ;;
                *)  skopeo copy --quiet "docker://$image" dir:image
                    mkdir root
                    tar -xf "image/$(jq -r '.layers[-1].digest | ltrimstr("sha256:")' image/manifest.json)" -C root
                    serve "$port" root/model ;;
            esac
        }

        """;

    private readonly PageShell _shell = new();
    private readonly string _model;

    public PageCommandsTests() => _model = TestModels.Write(Path.Combine(_shell.Folder, "out"));

    public void Dispose() => _shell.Dispose();

    [Fact]
    public async Task a_model_is_published_verified_and_pruned_as_the_page_says()
    {
        await using var registry = await RegistryWithBase.StartAsync();
        TestModels.Write(Path.Combine(_shell.Folder, "models", "iris", "iris-1"));
        TestModels.Write(Path.Combine(_shell.Folder, "models", "iris", "iris-2"));

        var output = await RunAsync("docs/spec/image.md", registry);

        Assert.Contains("\"outcome\":\"Published\"", output, StringComparison.Ordinal);
        var manifest = await registry.Client.GetManifestAsync(registry.Iris.With(Tag.Parse("1.0.0")), Stop);
        Assert.Contains($"{manifest.Digest}"["sha256:".Length..], output, StringComparison.Ordinal);
        Assert.Contains($"{_model["sha256:".Length..]}  model/model.json", output, StringComparison.Ordinal);
        Assert.Contains("\"removable\":[],\"removableCount\":0", output, StringComparison.Ordinal);
        Assert.Contains("\"removable\":[\"iris-1\"],\"removableCount\":1", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/spec/import.md")]
    public async Task a_model_that_python_trained_is_imported_and_published_as_the_page_says(string page)
    {
        await using var registry = await RegistryWithBase.StartAsync();
        File.Copy(Repository.IrisCsv, Path.Combine(_shell.Folder, "iris.csv"));
        File.Copy(
            Path.Combine(Repository.Root, "tests", "Learning.Tests", "Import", "xgboost", "iris.json"),
            Path.Combine(_shell.Folder, "model.json"));

        var output = await RunAsync(page, registry);

        Assert.Contains("\"outcome\":\"Accepted\",\"algorithm\":\"xgboost\"", output, StringComparison.Ordinal);
        Assert.Contains("\"outcome\":\"Published\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_server_answers_as_the_page_says()
    {
        await using var registry = await RegistryWithBase.StartAsync();

        var output = await RunAsync("docs/spec/server.md", registry);

        Assert.Contains("""{"name":"versicolor","prediction":1}""", output, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string page, RegistryWithBase registry)
    {
        _shell.Environment["IRIS_INSECURE_REGISTRY"] = $"{registry.Host}";
        _shell.Environment["PROGRAMS"] = AppContext.BaseDirectory;
        var commands = PageShell.Blocks(page, "by tests/TrainerImage.Tests/PageCommandsTests.cs")
            .SelectMany(PageShell.Commands)
            .Select(command => command.Command);

        var port = FreePort();
        return await _shell.RunAsync(
            Docker + string.Join('\n', commands)
                .Replace("registry.example/iris-serving", $"{registry.Host}/bases/serving", StringComparison.Ordinal)
                .Replace("registry.example/iris", $"{registry.Iris}", StringComparison.Ordinal)
                .Replace("-p 8080:", $"-p {port}:", StringComparison.Ordinal)
                .Replace("localhost:8080", $"localhost:{port}", StringComparison.Ordinal),
            Stop);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
