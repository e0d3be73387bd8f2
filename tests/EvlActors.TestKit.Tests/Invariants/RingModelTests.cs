using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class RingModelTests
{
    private static readonly byte[] s_bytes = [1, 2, 3, 4];

    private readonly RingModel _ring = new(size: 4);

    [Fact]
    public void Read_WhatWasWritten_IsFine()
    {
        for (int i = 0; i < 3; i++)
        {
            Write(0, s_bytes);
            Assert.Null(_ring.Reserve(0, 4, isWrite: false));
            Assert.Null(_ring.Read(0, 4, s_bytes, isWhole: true));
        }
    }

    [Fact]
    public void Read_OtherBytes_IsWrong()
    {
        Write(0, s_bytes);
        _ring.Reserve(0, 4, isWrite: false);
        Assert.Equal("byte 1 was written as 2 and is read as 3", _ring.Read(0, 4, [1, 3, 3, 4], isWhole: true));
    }

    [Fact]
    public void Read_BeforeItIsWritten_IsWrong()
    {
        _ring.Reserve(0, 4, isWrite: true);
        Assert.Null(_ring.Reserve(0, 4, isWrite: false));
        Assert.Contains("before it is written", _ring.Read(0, 4, s_bytes, isWhole: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Reserve_MoreThanWasWritten_IsWrong()
    {
        Write(0, [1, 2]);
        Assert.Equal("1 bytes are read that nobody has written", _ring.Reserve(0, 3, isWrite: false));
    }

    [Fact]
    public void Reserve_MoreThanTheRingHas_IsWrong()
    {
        Write(0, s_bytes);
        Assert.Equal("5 bytes are in a ring of 4", _ring.Reserve(0, 1, isWrite: true));
    }

    [Fact]
    public void Reserve_TheSameSlot_IsWrong()
    {
        _ring.Reserve(0, 2, isWrite: true);
        Assert.Equal("two writers have the slot at 0", _ring.Reserve(0, 2, isWrite: true));
    }

    [Fact]
    public void Write_OverUnreadBytes_IsWrong()
    {
        Write(0, s_bytes);
        _ring.Reserve(0, 4, isWrite: false);
        _ring.Reserve(0, 1, isWrite: true);
        Assert.Contains("overwrites", _ring.Write(0, 1, [9], isWhole: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 0, 0 }, true)]
    [InlineData(new byte[] { 0, 0, 0, 0 }, true)]
    [InlineData(new byte[] { 1, 2, 3, 7 }, false)]
    public void Read_OfAFaultingWriter_ItsBytesOrZeros(byte[] read, bool isFine)
    {
        _ring.Reserve(0, 4, isWrite: true);
        Assert.Null(_ring.Write(0, 4, s_bytes, isWhole: false));
        _ring.Reserve(0, 4, isWrite: false);
        Assert.Equal(isFine, _ring.Read(0, 4, read, isWhole: true) is null);
    }

    [Fact]
    public void Read_Faults_TheBytesAreLost()
    {
        Write(0, s_bytes);
        _ring.Reserve(0, 2, isWrite: false);
        Assert.Null(_ring.Read(0, 2, [], isWhole: false));
        _ring.Reserve(2, 2, isWrite: false);
        Assert.Null(_ring.Read(2, 2, [3, 4], isWhole: true));
    }

    [Fact]
    public void WriteOrRead_WithoutASlot_IsWrong()
    {
        Assert.NotNull(_ring.Write(0, 1, [1], isWhole: true));
        Assert.NotNull(_ring.Read(0, 1, [1], isWhole: true));
    }

    private void Write(int start, byte[] bytes)
    {
        Assert.Null(_ring.Reserve(start, bytes.Length, isWrite: true));
        Assert.Null(_ring.Write(start, bytes.Length, bytes, isWhole: true));
    }
}
