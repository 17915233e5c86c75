namespace IrisOperator.EndToEnd.Tests.Load;

/// <summary>What a client may expect while something changes behind the Service.</summary>
public static class LoadAssert
{
    public static void NoneFailed(IReadOnlyList<LoadAnswer> answers)
    {
        foreach (var style in Enum.GetValues<LoadStyle>())
        {
            Assert.Contains(answers, answer => answer.Style == style);
        }

        var failed = answers.Where(answer => answer.Failure is not null).ToList();
        Assert.True(failed.Count == 0, $"{failed.Count} of {answers.Count} requests failed:\n{string.Join('\n', failed.Take(20))}");
    }

    /// <summary>Both were served, no third one, the old one first and the new one last.</summary>
    public static void ChangedExactlyOnce(IReadOnlyList<LoadAnswer> answers, string old, string wanted)
    {
        Assert.NotEqual(old, wanted);
        Assert.Equal([old, wanted], answers.Select(answer => answer.Digest!).Distinct());
        Assert.Equal(wanted, answers[^1].Digest);
    }
}
