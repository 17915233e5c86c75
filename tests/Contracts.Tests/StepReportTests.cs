namespace IrisOperator.Contracts.Tests;

public sealed class StepReportTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Unhandled exception: out of memory")]
    [InlineData("[]")]
    [InlineData("{\"outcome\":\"Accepted\"")]
    [InlineData("{\"outcome\":{}}")]
    [InlineData("{\"metrics\":[]}")]
    public void what_a_crashed_program_leaves_is_no_report(string? message) => Assert.Null(StepReport.Parse(message));

    [Fact]
    public void members_for_people_may_have_any_form_in_the_report_of_a_custom_trainer()
    {
        var report = StepReport.Parse(
            """{"formatVersion":"2","outcome":"Accepted","rows":"150","seed":1.5,"mine":{"a":[]},"metrics":{"accuracy":"0.9533"}}""");

        Assert.Equal((Outcome.Accepted, 1, "0.9533"), (report?.Outcome, report?.FormatVersion, report?.Metrics?["accuracy"]));
    }
}
