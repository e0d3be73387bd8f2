namespace Scull.Tests;

/// <summary>The demonstrations run to their end and tell what they promise.</summary>
public sealed class DemonstrationTests
{
    public static TheoryData<string, string[]> Lines => new()
    {
        { "scull", ["read \"scull\"", "lseek(scull0, -100, SEEK_CUR) = -1 EINVAL", "it was 4000", "ioctl(SET quantum, &n) = -1 EPERM", "ioctl(_IO('j', 0)) = -1 ENOTTY"] },
        { "scullpipe", ["read(O_NONBLOCK) of the empty pipe = -1 EAGAIN", "read \"six by\"", "write(5000) = 3994", "lseek(0) = -1 ESPIPE"] },
        { "asynctest", ["fcntl(F_SETFL, flags | FASYNC) = 0", "pause() = -1 EINTR", "1 SIGIO", "read \"data\""] },
        { "scullsingle", ["open(scullsingle) once more = -1 EBUSY"] },
        { "sculluid", ["uid 1002: open(sculluid) = -1 EBUSY", "uid 1002: open(sculluid) = 3"] },
        { "scullwuid", ["uid 1002: open(scullwuid, O_NONBLOCK) = -1 EAGAIN", "uid 1002: open(scullwuid) = 3"] },
        { "scullpriv", ["no controlling terminal: open(scullpriv) = -1 EINVAL", "read \"\"", "read \"from tty 1\""] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Play_ByName_TellsItsLines(string name, string[] lines)
    {
        using var output = new StringWriter();
        await Demonstration.All.Single(demonstration => demonstration.Name == name).PlayAlone(new Narrator(output)).WaitAsync(TimeSpan.FromSeconds(60));
        string told = output.ToString();
        Assert.All(lines, line => Assert.Contains(line, told, StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_OfEveryDemonstration_AreExpected() =>
        Assert.Equal(Demonstration.All.Select(demonstration => demonstration.Name), Lines.Select(row => (string)row[0]));
}
