namespace SenseHat.Tests;

/// <summary>Recorded sessions: what they print, and what is said of bad ones.</summary>
public sealed class SessionTests
{
    [Theory]
    [InlineData("demo")]
    public void Session_Recorded_PrintsWhatIsExpected(string name)
    {
        string session = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sessions", $"{name}.session"));
        string expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Expected", $"{name}.txt"));
        // The order in which actors run is the machine's own affair: it does not show.
        for (ulong seed = 1; seed <= 20; seed++)
            Assert.Equal(expected, Play(session, seed));
    }

    [Fact]
    public async Task Session_InRealTime_EndsWithItsLastLine()
    {
        using var output = new StringWriter();
        await SessionRun.InRealTime(SessionLine.Parse("say \"on the clock\"\ndelay 1\napp open m /dev/ledmatrix"), SessionConsole.Plain(output))
            .WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("-- on the clock\n[     1] app: open(\"/dev/ledmatrix\") = 3 m\n", output.ToString());
    }

    [Theory]
    [InlineData("delay", "line 1: it is too short")]
    [InlineData("\ndelay soon", "line 2: 'soon' is no number")]
    [InlineData("delay -1", "line 1: '-1' is not 0 to 10000")]
    [InlineData("say \"x", "line 1: the quotation does not end")]
    [InlineData("say \"\\x\"", "line 1: there is no escape \\x")]
    [InlineData("press fire", "line 1: there is no key 'fire'")]
    [InlineData("press none", "line 1: there is no key 'none'")]
    [InlineData("app jump", "line 1: there is no call 'jump'")]
    [InlineData("app open x /dev/ledmatrix wr", "line 1: there is no flag 'wr'")]
    [InlineData("app close x", "line 1: no file 'x' was opened")]
    [InlineData("app open x /dev/none\napp close x", "line 2: no file 'x' was opened")]
    [InlineData("app open x /dev/ledmatrix wo\napp write x f800*x", "line 2: 'f800*x' is no pixel")]
    [InlineData("app open x /dev/ledmatrix\napp ioctl x shine", "line 2: there is no command 'shine'")]
    [InlineData("app open x /dev/ledmatrix\napp seek x 1 middle", "line 2: 'middle' is no origin")]
    [InlineData("app poke 0 f800", "line 1: nothing is mapped")]
    [InlineData("app open x /dev/ledmatrix rw\napp mmap x 128\napp poke 63 1*2", "line 3: the mapping ends before")]
    [InlineData("app pause &\napp pause", "line 2: 'app' is still in its last call: 'join app' first")]
    [InlineData("join app", "line 1: 'app' has no call in the background")]
    [InlineData("app pause &", "line 1: the call of 'app' was left in the background: end with 'join app'")]
    [InlineData("app open x /dev/ledmatrix rw\napp mmap x 128\napp pause", "a call waits for what never comes")]
    [InlineData("app pause", "a call waits for what never comes")]
    public void Session_Wrong_SaysWhere(string session, string message) =>
        Assert.Equal(message, Assert.Throws<SessionException>(() => Play(session, 1)).Message);

    [Fact]
    public void Parse_CommentsQuotesAndPixels_Words()
    {
        SessionLine line = Assert.Single(SessionLine.Parse("# all\n\n app text f \"a b\\e#\\n\" \"\" # rest\r\n"));
        Assert.Equal(3, line.Number);
        Assert.Equal(["app", "text", "f", "a b\e#\n", ""], line.Words);
        Assert.Equal([0x34, 0x12, 0xff, 0, 0xff, 0], Assert.Single(SessionLine.Parse("1234 ff*2")).Pixels(0));
    }

    private static string Play(string session, ulong seed)
    {
        using var output = new StringWriter();
        SessionRun.InVirtualTime(SessionLine.Parse(session), SessionConsole.Plain(output), seed);
        return output.ToString();
    }
}
