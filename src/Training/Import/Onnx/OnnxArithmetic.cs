using IrisOperator.Learning.Onnx;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>
/// The arithmetic by which exporters lead from scores to probabilities: Microsoft.ML writes the sigmoid of slope · score + offset of
/// each class, divided by their sum, as single operators.
/// </summary>
internal static class OnnxArithmetic
{
    /// <param name="number">The one number of a constant, or null.</param>
    /// <exception cref="NotInDocumentException">Something else.</exception>
    public static OnnxTerms Evaluate(OnnxNode node, OnnxTerms?[] inputs, Func<string, double?> number)
    {
        if (inputs.Length == 0 || inputs.Any(input => input is { Terms.Count: 0 }))
        {
            throw OnnxOperators.NoWord(node);
        }
        return node.Operator switch
        {
            "Mul" or "Div" or "Add" when inputs.Length == 2 => Binary(node, inputs, number),
            "Sigmoid" when inputs[0]?.All<MarginTerm>() is { } margins =>
                new OnnxTerms([.. margins.Select(margin => new SigmoidTerm(margin))]),
            "Softmax" when inputs[0]?.All<MarginTerm>() is { Count: > 1 } margins && node.Integer("axis", -1) is 1 or -1 =>
                Softmax(margins, inputs[0]!.Labels),
            "Exp" when inputs[0]?.All<MarginTerm>() is { } margins =>
                new OnnxTerms([.. margins.Select(margin => new ExponentialTerm(margin))]),
            "ReduceSum" when inputs[0]?.All<ExponentialTerm>() is { } parts && node.Integers("axes") is [1] =>
                new OnnxTerms([new SumTerm(parts)]),
            "Sum" => Sum(node, inputs),
            "Not" when inputs[0] is { Terms: [ZeroTestTerm { IsNegated: true } test] } => new OnnxTerms([test with { IsNegated = false }]),

            // From 0 up: probabilities are there.
            "Clip" when inputs[0] is { Terms: [SigmoidTerm] } sigmoid && node.Inputs.Count == 2 && number(node.Inputs[1]) == 0 => sigmoid,
            _ => throw OnnxOperators.NoWord(node),
        };
    }

    private static OnnxTerms Binary(OnnxNode node, OnnxTerms?[] inputs, Func<string, double?> number)
    {
        if (node.Operator == "Div" && inputs is [{ Terms: [SigmoidTerm part] }, { Terms: [SumTerm whole] }])
        {
            return new OnnxTerms([new ShareTerm(part, whole)]);
        }
        if (node.Operator == "Div" && inputs[0]?.All<ExponentialTerm>() is { } exponentials
            && inputs[1] is { Terms: [SumTerm sum] } && sum.Parts.SequenceEqual(exponentials))
        {
            return Softmax([.. exponentials.Select(one => one.Margin)], inputs[0]!.Labels);
        }
        var (terms, constant) = inputs[0] is { } first ? (first, number(node.Inputs[1])) : (inputs[1], number(node.Inputs[0]));
        if (terms is null || constant is not { } by || (node.Operator == "Div" && (inputs[0] is null || by == 0)))
        {
            throw OnnxOperators.NoWord(node);
        }
        if (by == (node.Operator == "Add" ? 0 : 1))
        {
            return terms;
        }
        var margins = terms.All<MarginTerm>() ?? throw OnnxOperators.NoWord(node);
        return terms with
        {
            Terms = [.. margins.Select(margin => node.Operator switch
            {
                "Mul" => margin.Scaled(by),
                "Div" => margin.Scaled(1 / by),
                _ => margin with { Offset = margin.Offset + by },
            })],
        };
    }

    private static OnnxTerms Softmax(IReadOnlyList<MarginTerm> margins, IReadOnlyList<string>? labels)
    {
        var group = new object();
        return new OnnxTerms([.. margins.Select(margin => new SoftmaxTerm(margin, group))]) { Labels = labels };
    }

    private static OnnxTerms Sum(OnnxNode node, OnnxTerms?[] inputs) => inputs switch
    {
        [{ Terms: [SumTerm { IsGuarded: false } sum] }, { Terms: [ZeroTestTerm { IsNegated: false } test] }] when test.Sum == sum =>
            new OnnxTerms([sum with { IsGuarded = true }]),
        _ when inputs.All(input => input is { Terms: [SigmoidTerm] }) =>
            new OnnxTerms([new SumTerm([.. inputs.Select(input => input!.Terms[0])])]),
        _ => throw OnnxOperators.NoWord(node),
    };
}
