using System.Text.RegularExpressions;
using IrisOperator.Operator.Api.V1Alpha1;
using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Tests.Golden;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Tests.Resources;

/// <summary>
/// kubelet replaces <c>$(X)</c> and <c>$$</c> in arguments and variables; texts of users must reach the programs as they are.
/// </summary>
public sealed partial class DollarTests
{
    private const string Text = "a$(X)$$";

    private static readonly IrisTraining Training = new()
    {
        Metadata = new V1ObjectMeta { Name = Text, NamespaceProperty = Text, Uid = Text },
        Spec = new IrisTrainingSpec
        {
            Dataset = new DatasetSource { ClaimName = Text, Path = Text, Target = "cost_$$" },
            Algorithm = new AlgorithmSpec { Name = Text, Parameters = new Dictionary<string, string> { [Text] = Text } },
            Evaluation = new EvaluationSpec { Require = new Dictionary<string, string> { [Text] = Text } },
            Publish = new PublishSpec
            {
                Repository = Text,
                Version = Text,
                Base = new BaseImageSpec { Repository = Text, Version = Text },
                SecretName = Text,
                CaConfigMapName = Text,
                Retain = 1,
            },
        },
    };

    private static readonly TrainingRun Run = new()
    {
        Number = 1,
        JobName = Text,
        InputsHash = Text,
        State = RunState.Accepted,
        ClaimName = Text,
        ModelPath = Text,
        ModelDigest = Text,
        Image = Text,
    };

    private static readonly ServedModel Served = new() { ClaimName = Text, Path = Text, Digest = Text, Source = Text };

    private static readonly OperatorOptions Options = Scene.Options with
    {
        ServingImage = Text,
        Registries = [Text],
        InsecureRegistries = ["b$(X)"],
        TokenServices = [Text],
    };

    // Field report: the column cost_$$ of a table was looked for as cost_$.
    [Fact]
    public void a_column_with_dollar_signs_is_asked_for_as_it_is() =>
        Assert.Contains("cost_$$$$", TrainingJob.Train(Training, Run, Options).Spec!.Template!.Spec!.Containers[0].Args!);

    [Fact]
    public void no_text_of_anybody_is_expanded_in_any_container()
    {
        var model = new IrisModel { Metadata = Training.Metadata, Spec = new IrisModelSpec() };
        var image = new ServedImage { Reference = Text };
        V1PodTemplateSpec[] templates =
        [
            TrainingJob.Train(Training, Run, Options).Spec!.Template!,
            TrainingJob.Publish(Training, Text, Run, Options).Spec!.Template!,
            TrainingJob.Publish(Training, Text, Run, Options, rebase: true).Spec!.Template!,
            TrainingJob.Prune(Training, Text, [Text], Options).Spec!.Template!,
            ModelDeployment.Build(model, Served, image, Scene.Options).Spec!.Template!,
        ];

        Assert.All(templates, template => Assert.All(template.Spec!.Containers, container =>
        {
            string?[] texts = [.. container.Args ?? [], .. (container.Env ?? []).Select(variable => variable.Value)];
            Assert.Contains(texts, text => text!.Contains("a$$(X)$$$$", StringComparison.Ordinal));
            Assert.DoesNotContain(texts, text => LoneDollar().IsMatch(text!));
        }));
    }

    [GeneratedRegex(@"(?<!\$)\$(\$\$)*(?!\$)")]
    private static partial Regex LoneDollar();
}
