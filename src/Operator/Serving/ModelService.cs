using System.Text.Json.Nodes;

namespace IrisOperator.Operator.Serving;

/// <summary>The Service of a model: port 80, to the pods' port by name, so that a change of that port drops no request.</summary>
public static class ModelService
{
    public static V1Service Build(IrisModel model)
    {
        var labels = Labels.For("iris-model", Labels.Model, model.Metadata.Name!);
        var service = Kind<V1Service>.Complete(new V1Service
        {
            Metadata = AppliedObject.MetadataFor(model, model.Metadata.Name!, labels),
            Spec = new V1ServiceSpec
            {
                Type = "ClusterIP",
                Selector = ModelDeployment.Selector(model),
                Ports = [new V1ServicePort { Name = "http", Port = 80, Protocol = "TCP", TargetPort = "http" }],
            },
        });
        return service with { Metadata = service.Metadata with { Annotations = AppliedObject.HashOf(service) } };
    }

    /// <summary>The patch that takes foreign keys out of a live selector: with one more key it would select no pod.</summary>
    /// <remarks>Servers from 1.21 on take a selector as a whole and drop such keys at an apply; older ones merge.</remarks>
    /// <returns>Null when there are none.</returns>
    public static JsonObject? WithoutForeignSelector(V1Service live, V1Service wanted)
    {
        var foreign = (live.Spec?.Selector?.Keys ?? []).Except(wanted.Spec.Selector.Keys).ToList();
        if (foreign.Count == 0)
        {
            return null;
        }

        var removed = new JsonObject(foreign.Select(key => KeyValuePair.Create(key, (JsonNode?)null)));
        return new JsonObject { ["spec"] = new JsonObject { ["selector"] = removed } };
    }

    public static string Url(IrisModel model) => $"http://{model.Metadata.Name}.{model.Metadata.NamespaceProperty}.svc";
}
