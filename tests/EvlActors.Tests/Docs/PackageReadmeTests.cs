using System.Text;
using EvlActors.Tests.Architecture;
using Xunit;

namespace EvlActors.Tests.Docs;

/// <summary>The program of the package's README, compiled and run.</summary>
public sealed class PackageReadmeTests
{
    [Fact]
    public void Program_OfTheReadme_StandsHere()
    {
        string readme = Repository.Read("src/EvlActors/README.md").ReplaceLineEndings("\n");
        string program = readme.Split("```csharp\n")[1].Split("```")[0];
        IEnumerable<string> lines = program.Split('\n').Where(line => !line.StartsWith("using ", StringComparison.Ordinal));
        Assert.Contains(Unindented(lines), Unindented(Repository.Read("tests/EvlActors.Tests/Docs/PackageReadmeTests.cs").Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_OfTheReadme_PrintsWhatItSays()
    {
        var Console = new StringWriter(); // the program's, so that its lines are the README's

        await using var machine = new EvlMachine();
        EvlProcess app = machine.CreateProcess();
        UserThread display = app.CreateThread();                                // an ordinary thread
        UserThread sampler = app.CreateThread(SchedPolicy.Fifo, priority: 98);  // a real-time one
        await sampler.AttachAsync("/sampler").OrThrow();                        // evl_attach_self: it may call oob_* now

        int xbuf = await display.CreateXbufAsync("samples", inboundBytes: 1024, outboundBytes: 0).OrThrow();
        await sampler.OobWriteAsync(xbuf, "hello"u8.ToArray()).OrThrow();       // out-of-band, into the cross-buffer

        byte[] shown = new byte[5];
        SysResult n = await display.ReadAsync(xbuf, shown);                     // in-band: n.Value bytes, or n.Errno
        Console.WriteLine($"{n.Value} bytes: {Encoding.ASCII.GetString(shown)}"); // 5 bytes: hello

        Assert.Equal("5 bytes: hello", Console.ToString().Trim());
    }

    private static string Unindented(IEnumerable<string> lines) =>
        string.Join('\n', lines.Select(line => line.Trim()).Where(line => line.Length > 0));
}
