namespace IrisOperator.Learning.Tests.Training;

public sealed class RequirementTests
{
    [Theory]
    [InlineData("accuracy", "required accuracy: expected a number from 0 to 1, found \"\"")]
    [InlineData("accuracy=", "required accuracy=: expected a number from 0 to 1, found \"\"")]
    [InlineData("accuracy=1.1", "required accuracy=1.1: expected a number from 0 to 1, found \"1.1\"")]
    [InlineData("accuracy=95%", "required accuracy=95%: expected a number from 0 to 1, found \"95%\"")]
    [InlineData("logLoss=-1", "required logLoss=-1: expected a number from 0 to 100, found \"-1\"")]
    [InlineData("auc=0.9", "required auc=0.9: no metric \"auc\"; there are accuracy, macroF1, logLoss, rocAuc, rmse, mae, r2")]
    public void a_wrong_requirement_is_refused(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<InputException>(() => Requirement.Parse(text)).Message);
    }
}
