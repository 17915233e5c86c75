namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>The two kinds as most stories want them. A story about a field writes its own YAML.</summary>
public static class Manifests
{
    /// <summary>Fields of a training that takes long enough to be met while it runs.</summary>
    public static string[] LongRun { get; } = ["""algorithm: {parameters: {rounds: "200"}}""", "evaluation: {folds: 30}"];

    /// <summary>Further fields of the spec are given in one line each: <c>suspend: true</c>.</summary>
    public static string Training(string name, string dataset = "{configMapName: iris}", params string[] more) => $"""
        apiVersion: iris-operator.dev/v1alpha1
        kind: IrisTraining
        metadata:
          name: {name}
        spec:
          dataset: {dataset}
        {Lines(more)}
        """;

    public static string Model(string name, string training = "iris", int replicas = 1, params string[] more) => $"""
        apiVersion: iris-operator.dev/v1alpha1
        kind: IrisModel
        metadata:
          name: {name}
        spec:
          replicas: {replicas}
          model: {"{"}trainingRef: {"{"}name: {training}{"}}"}
        {Lines(more)}
        """;

    /// <summary>
    /// A model that follows 1.x of a repository. Further fields of spec.image are given in one line: <c>pollIntervalSeconds: 10</c>.
    /// </summary>
    public static string Follower(string name, string repository, string image, int replicas = 1, params string[] more) => $"""
        apiVersion: iris-operator.dev/v1alpha1
        kind: IrisModel
        metadata:
          name: {name}
        spec:
          replicas: {replicas}
          image: {"{"}repository: "{repository}", version: 1.x, {image}{"}"}
        {Lines(more)}
        """;

    private static string Lines(string[] more) => string.Join('\n', more.Select(line => "  " + line));
}
