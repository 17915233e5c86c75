using IrisOperator.Testing;

namespace IrisOperator.Scripts.Tests;

/// <summary>hack/lib/cache.sh: what takes long to make is made once, whole, and again when its recipe changes.</summary>
public sealed class CacheTests : IDisposable
{
    private const string Sourced = """
        . hack/lib/common.sh
        . hack/lib/cache.sh
        make() { echo made >> "$MADE"; echo "$1" > "$2/result"; sleep "${TAKES:-0}"; }

        """;

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task is_made_once()
    {
        var first = await CachedAsync("key1");
        var second = await CachedAsync("key1");

        Assert.Equal(first, second);
        Assert.Equal(Cache("thing", "key1"), first);
        Assert.Single(Made());
        Assert.Equal(["key1"], Kept());
    }

    [Fact]
    public async Task two_at_once_make_it_once()
    {
        var both = await Task.WhenAll(CachedAsync("key1", takes: 1), CachedAsync("key1", takes: 1));

        Assert.Equal(both[0], both[1]);
        Assert.Single(Made());
    }

    [Fact]
    public async Task an_old_one_goes_when_a_new_one_is_complete()
    {
        await CachedAsync("key1");
        await CachedAsync("key2");

        Assert.Equal(["key2"], Kept());
    }

    [Fact]
    public async Task an_old_one_stays_while_a_program_uses_it()
    {
        await CachedAsync("key1");
        // The program goes on when the shell that said so has ended, as a cluster does.
        var code = $"{Sourced}use_cached {Cache("thing", "key1")}; sleep 600 </dev/null >/dev/null 2>&1 & echo $!";
        var user = await Script.BashAsync(code, Environment());
        try
        {
            await CachedAsync("key2");
            Assert.Equal(["key1", "key2"], Kept());
        }
        finally
        {
            await Script.BashAsync($"kill {user}");
        }

        await CachedAsync("key3");
        Assert.Equal(["key3"], Kept());
    }

    [Fact]
    public async Task what_fails_leaves_nothing()
    {
        const string Fail = "fail() { touch $2/half; false; }; cached thing key1 fail";
        using var script = Script.Start(["bash", "-euc", Sourced + Fail], Environment());

        var (exitCode, output, _) = await script.EndAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Empty(output);
        Assert.Empty(Kept());
    }

    [Fact]
    public async Task is_not_asked_for_where_bash_goes_on_after_what_failed()
    {
        const string Half = "half() { touch $2/half; false; touch $2/more; }; if cached thing key1 half; then echo kept; fi";
        using var script = Script.Start(["bash", "-euc", Sourced + Half], Environment());

        var (_, output, errors) = await script.EndAsync();

        Assert.Empty(output);
        Assert.Contains("where errors are ignored", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task what_is_killed_leaves_nothing_that_hinders_the_next(string signal)
    {
        // The programs of a killed one go on by themselves, and write where the next one wants to.
        const string Orphan = "orphan() { cd $1; (while :; do date > busy; sleep 0.01; done) & touch $MADE; wait; }";
        using var script = Script.Start(["bash", "-euc", $"{Sourced}{Orphan}; cached thing key1 orphan"], Environment());
        await Script.BashAsync($". hack/lib/common.sh; wait_until 10 'the orphan' test -e {_folder.Combine("made")}");
        await script.SignalAsync(signal);
        await CachedAsync("key1");

        Assert.Equal(["key1"], Kept());
        Assert.Empty(await Script.BashAsync($"find /proc/[0-9]*/cwd -maxdepth 0 -lname '{_folder.Path}/*' 2>/dev/null || true"));
    }

    public void Dispose() => _folder.Dispose();

    private string Cache(params string[] names) => _folder.Combine(["iris-operator", .. names]);

    private string[] Made() => File.ReadAllLines(_folder.Combine("made"));

    private string[] Kept() => [.. Directory.EnumerateDirectories(Cache("thing")).Select(folder => Path.GetFileName(folder)).Order()];

    private Task<string> CachedAsync(string key, int takes = 0) =>
        Script.BashAsync($"{Sourced}TAKES={takes} cached thing {key} make", Environment());

    private (string, string?)[] Environment() => [("XDG_CACHE_HOME", _folder.Path), ("MADE", _folder.Combine("made"))];
}
