namespace IrisOperator.Contracts.Tests;

public sealed class DigestTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void digest_of_nothing_is_the_well_known_one()
    {
        Assert.Equal($"sha256:{Hex}", Digest.Of([]).ToString());
        Assert.Equal(Digest.Of([]), Digest.Parse($"sha256:{Hex}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Hex)]
    [InlineData("sha256:")]
    [InlineData("sha512:" + Hex)]
    [InlineData("SHA256:" + Hex)]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("sha256:" + Hex + "0")]
    [InlineData("sha256:" + Hex + "\n")]
    [InlineData("sha256:../../../../../../etc/passwd")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../etc/passwd/aaaaa")]
    [InlineData("sha256:%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2")]
    public void what_is_no_digest_is_refused(string? text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.Contains(
            "expected sha256: and 64", Assert.Throws<FormatException>(() => Digest.Parse(text)).Message, StringComparison.Ordinal);
    }
}
