using Xunit;

namespace EvlActors.Tests.Calls;

/// <summary>A result keeps what it was made of, however it is packed.</summary>
public sealed class SysResultTests
{
    [Fact]
    public void Of_EveryCall_IsKept()
    {
        foreach (SyscallNumber call in Enum.GetValues<SyscallNumber>())
        {
            Assert.Equal(call, SysResult.Ok(3).Of(call).Call);
            Assert.Equal(call, SysResult.Error(Errno.EAGAIN).Of(call).Call);
        }
        Assert.Null(SysResult.Ok().Call);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(-5)]
    [InlineData(0x10000)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Error_AnyErrno_IsKeptWithTheCall(int errno)
    {
        SysResult result = SysResult.Error((Errno)errno);
        Assert.True(result.IsError);
        Assert.Equal((Errno)errno, result.Errno);
        Assert.Null(result.Call);
        Assert.Equal(result, result.Of(SyscallNumber.Read));
        Assert.Equal((Errno)errno, result.Of(SyscallNumber.Read).Errno);
        Assert.Equal(SyscallNumber.Read, result.Of(SyscallNumber.Read).Call);
    }
}
