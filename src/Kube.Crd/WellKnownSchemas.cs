using System.Text.Json.Nodes;
using IrisOperator.Kube.Models;

namespace IrisOperator.Kube.Crd;

/// <summary>Types of Kubernetes itself, whose constraints are fixed by its API machinery and not by our records.</summary>
internal static class WellKnownSchemas
{
    public static JsonObject? Find(Type type) => type switch
    {
        _ when type == typeof(V1Condition) => Condition(),
        _ when type == typeof(V1ResourceRequirements) => ResourceRequirements(),
        _ => null,
    };

    // metav1.Condition, with the bounds that apimachinery's own markers give it.
    private static JsonObject Condition() => JsonNode.Parse(
        """
        {
          "type": "object",
          "required": ["type", "status", "lastTransitionTime", "reason", "message"],
          "properties": {
            "type": {"description": "The condition's name.", "type": "string", "maxLength": 316},
            "status": {"description": "True, False or Unknown.", "type": "string", "enum": ["True", "False", "Unknown"]},
            "observedGeneration": {
              "description": "The metadata.generation this was computed for.", "type": "integer", "format": "int64", "minimum": 0
            },
            "lastTransitionTime": {
              "description": "When the status last changed from one value to another.", "type": "string", "format": "date-time"
            },
            "reason": {
              "description": "One word for programs.", "type": "string", "minLength": 1, "maxLength": 1024,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
            },
            "message": {"description": "A sentence for people.", "type": "string", "maxLength": 32768}
          }
        }
        """)!.AsObject();

    private static JsonObject ResourceRequirements()
    {
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["limits"] = Quantities("The most the container may use, by resource name."),
                ["requests"] = Quantities("What the scheduler reserves for the container, by resource name."),
            },
        };

        static JsonObject Quantities(string description) => new()
        {
            ["description"] = description,
            ["type"] = "object",
            ["additionalProperties"] = Scalars.IntOrString(quantity: true),
        };
    }
}
