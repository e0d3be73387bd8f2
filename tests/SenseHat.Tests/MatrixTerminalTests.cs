using System.Text;

namespace SenseHat.Tests;

/// <summary>What the terminal makes of text and sequences.</summary>
public sealed class MatrixTerminalTests
{
    private const string Dark = "........";

    private readonly Picture _picture = new(Picture.Bytes);
    private readonly MatrixTerminal _terminal;

    public MatrixTerminalTests() => _terminal = new MatrixTerminal(_picture);

    [Fact]
    public void Text_MoreThanARow_WrapsAndStartsAgain()
    {
        Write("a b      c\nd\re");
        Assert.Equal(["#.#.....", ".#......", "#......."], Rows()[..3]);
        Write("\e[8;8Hxy");
        Assert.Equal(["#.#.....", ".......#"], [Rows()[0], Rows()[7]]);
    }

    [Theory]
    [InlineData("\e[31m", 0xf800)]
    [InlineData("\e[32m", 0x07e0)]
    [InlineData("\e[34m", 0x001f)]
    [InlineData("\e[37m", 0xffff)]
    [InlineData("\e[38;2;8;4;999m", 0x083f)]
    [InlineData("\e[31m\e[0m", 0xffff)]
    [InlineData("\e[31m\e[m", 0xffff)]
    [InlineData("\e[31m\e[99m\e[38;5;4m", 0xf800)]
    public void Colour_Chosen_PixelsHaveIt(string sequence, ushort pixel)
    {
        Write($"{sequence}x");
        Assert.Equal(pixel, _picture[0, 0].Value);
    }

    [Fact]
    public void Cursor_OutOfRangeOrLeftOut_AtTheEdge()
    {
        Write("\e[99;99Hx\e[Hx\e[0;5Hx");
        Assert.Equal("#...#...", Rows()[0]);
        Assert.Equal(".......#", Rows()[7]);
    }

    [Fact]
    public void Clear_KeepsTheCursor_ResetDoesNot()
    {
        Write("\e[31mxx\e[2Jx");
        Assert.Equal("..#.....", Rows()[0]);
        Write("\e[90r\ecx");
        Assert.Equal("#.......", Rows()[0]);
        Assert.Equal((0, (ushort)0xffff), (_picture.Rotation, _picture[0, 0].Value));
    }

    [Fact]
    public void Rotation_OnlyQuarters_OthersIgnored()
    {
        Write("\e[270r\e[91r");
        Assert.Equal(270, _picture.Rotation);
    }

    [Fact]
    public void Sequence_UnknownOrSplit_IgnoredOrCompleted()
    {
        Write("\e[5n\eZ\e[1Jx\e[");
        Write("3;2");
        Write("Hx");
        Assert.Equal(["#.......", Dark, ".#......"], Rows()[..3]);
    }

    private void Write(string text) => _terminal.Write(Encoding.ASCII.GetBytes(text));

    private string[] Rows() => [.. Enumerable.Range(0, Picture.Side).Select(y =>
        string.Concat(Enumerable.Range(0, Picture.Side).Select(x => _picture[x, y] == default ? '.' : '#')))];
}
