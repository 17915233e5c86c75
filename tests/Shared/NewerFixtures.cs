using System.Globalization;

namespace IrisOperator.Testing;

/// <summary>Models of format version 2, small enough to be answered by hand.</summary>
public static class NewerFixtures
{
    /// <summary>
    /// Features size (5 where it is missing), colour (blue or red) and weight (may be missing); classes no and yes by one logistic margin
    /// m: red counts 1 and any other -1, a weight from 10 up counts 2 and one below or missing -2, a size from 4 up counts 0.5. Of the
    /// training rows three quarters were red, half weighed 10 and more, and half had a size of 4 and more: the mean of m is 0.75.
    /// </summary>
    public static string MixedJson() => $$"""
        {"formatVersion":2,"algorithm":"xgboost",
        "features":[{"name":"size","min":1,"max":9,"imputed":5},{"name":"colour","min":0,"max":1,"categories":["blue","red"]},
        {"name":"weight","min":1,"max":50}],
        "classes":["no","yes"],"parameters":{"rounds":"3","seed":"42"},
        "goldenSamples":[
        {"data":[1,1,20],"prediction":1,"probabilities":[{{Number(1 - Yes(3))}},{{Number(Yes(3))}}]},
        {"data":[null,-1,null],"prediction":0,"probabilities":[{{Number(1 - Yes(-2.5))}},{{Number(Yes(-2.5))}}]}],
        "trees":{"baseScore":0,"rounds":3,"classes":1,"trees":[
        {"class":0,"nodes":[{"feature":2,"threshold":0.5,"left":1,"right":2},{"value":-1},{"value":1}],"covers":[1,3]},
        {"class":0,"nodes":[{"feature":3,"threshold":10,"left":1,"right":2,"missingLeft":true},{"value":-2},{"value":2}],"covers":[2,2]},
        {"class":0,"nodes":[{"feature":0,"threshold":4,"left":1,"right":2},{"value":0},{"value":0.5}],"covers":[0.5,0.5]}],
        "takesMissing":true,"link":{"kind":"logistic","slopes":[2],"offsets":[0.5]} } }
        """;

    /// <summary>What <see cref="MixedJson"/> answers to a margin: sigmoid(2 m + 0.5).</summary>
    public static double Yes(double margin) => 1 / (1 + Math.Exp(-((2 * margin) + 0.5)));

    /// <summary>1 + 2 x + 10 where colour is blue, or 20 where it is red.</summary>
    public static string RegressionJson(double recorded = 27) => $$"""
        {"formatVersion":2,"algorithm":"linear-regression",
        "features":[{"name":"x","min":-4,"max":4},{"name":"colour","min":0,"max":1,"categories":["blue","red"]}],
        "classes":[],"parameters":{},
        "goldenSamples":[{"data":[3,1],"prediction":{{Number(recorded)}} },{"data":[0.25,-1],"prediction":1.5}],
        "linear":{"weights":[[2,10,20]],"intercepts":[1],"link":{"kind":"identity"} } }
        """;

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
