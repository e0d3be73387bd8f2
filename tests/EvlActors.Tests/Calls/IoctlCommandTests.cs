using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Tests.Calls;

/// <summary>The command word of an ioctl, and what a table of commands refuses.</summary>
public sealed class IoctlCommandTests
{
    [Fact, Trait("Case", "C223")]
    public void Macros_TypeNumberAndInt_LinuxWords()
    {
        Assert.Equal(0x40046b01u, (uint)IoctlCommand.Iow<int>('k', 1));
        Assert.Equal(0x80046b05u, (uint)IoctlCommand.Ior<int>('k', 5));
        Assert.Equal(0x00006b00u, (uint)IoctlCommand.Io('k', 0));
        Assert.Equal(0xc0046b09u, (uint)IoctlCommand.Iowr<int>('k', 9));
    }

    [Theory, Trait("Case", "C223")]
    [InlineData(0x40046b01u, IoctlDirection.Write, 4, 1)]
    [InlineData(0x80046b05u, IoctlDirection.Read, 4, 5)]
    [InlineData(0x00006b00u, IoctlDirection.None, 0, 0)]
    [InlineData(0xc0046b09u, IoctlDirection.ReadWrite, 4, 9)]
    public void Fields_OfAWord_AreDecoded(uint word, IoctlDirection direction, int size, int nr)
    {
        var command = new IoctlCommand(word);
        Assert.Equal((direction, size, 'k', nr), (command.Direction, command.Size, command.Type, command.Nr));
        Assert.Equal(command, IoctlCommand.Encode(direction, 'k', (byte)nr, size));
    }

    [Fact, Trait("Case", "C224")]
    public void Encode_Size16384_RefusedWithAdvice()
    {
        Assert.Equal(16383, IoctlCommand.Encode(IoctlDirection.Read, 'k', 1, 16383).Size);
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => IoctlCommand.Encode(IoctlDirection.Read, 'k', 1, 16384));
        Assert.Contains("split the argument", refused.Message);
        Assert.Equal(16384, Unsafe.SizeOf<TooLarge>());
        Assert.Throws<ArgumentOutOfRangeException>(() => IoctlCommand.Iow<TooLarge>('k', 1));
    }

    [Fact]
    public void Encode_FieldBeyondItsBits_Refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => IoctlCommand.Encode((IoctlDirection)4, 'k', 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => IoctlCommand.Encode(IoctlDirection.Read, 'k', 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => IoctlCommand.Io('\u0100', 1));
        Assert.Equal('\u00ff', IoctlCommand.Io('\u00ff', 255).Type);
    }

    [Fact]
    public void ToString_OfEachKind_ShowsTheMacro()
    {
        Assert.Equal("_IOW('k', 1, 4) = 0x40046b01", IoctlCommand.Iow<int>('k', 1).ToString());
        Assert.Equal("_IO(0xb1, 2) = 0x0000b102", IoctlCommand.Io('\u00b1', 2).ToString());
    }

    [Fact]
    public void Table_CommandTwice_Refused()
    {
        IoctlCommand command = IoctlCommand.Io('k', 1);
        IoctlTableBuilder<object> builder = new IoctlTableBuilder<object>().Io(command, (_, _) => 0);
        Assert.Contains("in the table already", Assert.Throws<ArgumentException>(() => builder.Io(command, (_, _, value) => value)).Message);
        Assert.Equal([command], builder.Build().Commands);
    }

    [Fact]
    public void Table_LineOfAnotherMacroOrType_Refused()
    {
        var builder = new IoctlTableBuilder<object>();
        Assert.Throws<ArgumentException>(() => builder.Io(IoctlCommand.Ior<int>('k', 1), (_, _) => 0));
        Assert.Throws<ArgumentException>(() => builder.Ior(IoctlCommand.Iow<int>('k', 1), (_, _) => 0));
        Assert.Throws<ArgumentException>(() => builder.Ior(IoctlCommand.Ior<int>('k', 1), (_, _) => 0L));
        Assert.Throws<ArgumentException>(() => builder.Iow<int>(IoctlCommand.Iowr<int>('k', 1), (_, _, _) => 0));
        Assert.Empty(builder.Build().Commands);
    }

    [StructLayout(LayoutKind.Sequential, Size = 16384)]
    private struct TooLarge;
}
