using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Cross-buffers, rule by rule of the specification's section e.</summary>
public abstract class XbufTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Theory, Trait("Case", "C107"), Trait("Rule", "E-2")]
    [InlineData(0, 0)]
    [InlineData((1L << 30) + 1, 0)]
    [InlineData(0, (1L << 30) + 1)]
    [InlineData(-1, 8)]
    public Task Create_BadSizes_Einval(long inbound, long outbound) => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        Assert.Equal(Errno.EINVAL, (await t.CreateXbufAsync(null, inbound, outbound)).Errno);
        // Nothing is left behind, the number neither.
        Assert.Equal(4, await t.CreateXbufAsync(null, 1, 1));
    });

    [Fact, Trait("Case", "C106")]
    public Task Create_PublicPrivateAnonymous_OnlyThePublicHasANodeUntilItsClose() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.InitAsync().OrThrow();
        int @public = await t.CreateXbufAsync("/n", 8, 8).OrThrow();
        await t.CreateXbufAsync("m", 8, 8).OrThrow();
        await t.CreateXbufAsync(null, 8, 8).OrThrow();
        await t.CloseAsync(await t.OpenAsync("/dev/evl/xbuf/n").OrThrow()).OrThrow();
        Assert.Equal(Errno.ENOENT, (await t.OpenAsync("/dev/evl/xbuf/m")).Errno);
        for (int minor = 0; minor < 4; minor++)
            Assert.Equal(Errno.ENOENT, (await t.OpenAsync($"/dev/evl/xbuf/xbuf%{minor}")).Errno);
        await t.CloseAsync(@public).OrThrow();
        Assert.Equal(Errno.ENOENT, (await t.OpenAsync("/dev/evl/xbuf/n")).Errno);
        await t.CreateXbufAsync("/n", 8, 8).OrThrow();
    });

    [Fact, Trait("Case", "C029"), Trait("Decision", "Z-13")]
    public Task Create_BeforeInit_Enxio() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.ENXIO, (await t.CreateXbufAsync(null, 8, 8)).Errno);
        await t.InitAsync().OrThrow();
        Assert.Equal(3, await t.CreateXbufAsync(null, 8, 8));
    });

    [Fact, Trait("Case", "C105"), Trait("Rule", "E-2"), Trait("Rule", "A-9")]
    public Task Create_Names_CheckedAndFreeAfterTheLastClose() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync("/s", 8, 8).OrThrow();
        Assert.Equal(Errno.EEXIST, (await t.CreateXbufAsync("s", 8, 8)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.CreateXbufAsync("/a/b", 8, 8)).Errno);
        Assert.Equal(Errno.ENAMETOOLONG, (await t.CreateXbufAsync(new string('x', 300), 8, 8)).Errno);
        Assert.Equal(4, await t.OobWriteAsync(fd, new byte[4]));
        int other = await t.OpenAsync("/dev/evl/xbuf/s").OrThrow();
        await t.CloseAsync(fd).OrThrow();
        // Data survives until the element disappears; a new one of the name is empty.
        Assert.Equal(4, await t.ReadAsync(other, new byte[4]));
        await t.CloseAsync(other).OrThrow();
        Assert.Equal(Errno.ENOENT, (await t.OpenAsync("/dev/evl/xbuf/s")).Errno);
        fd = await t.CreateXbufAsync("/s", 8, 8, OpenFlags.NonBlock).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[1])).Errno);
    });

    [Fact, Trait("Case", "C108"), Trait("Case", "C109"), Trait("Rule", "E-3"), Trait("Rule", "E-4")]
    public Task Transfer_MissingRing_EnobufsButZeroBytesAreFine() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync(null, 1024, 0).OrThrow();
        Assert.Equal(Errno.ENOBUFS, (await t.WriteAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.ENOBUFS, (await t.OobReadAsync(fd, new byte[2000])).Errno);
        Assert.Equal(SysResult.Ok(), await t.WriteAsync(fd, Array.Empty<byte>()));
        Assert.Equal(SysResult.Ok(), await t.OobReadAsync(fd, Array.Empty<byte>()));
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fd, Array.Empty<byte>()));
        Assert.Equal(3, await t.OobWriteAsync(fd, "abc"u8.ToArray()));
        Assert.Equal("abc"u8.ToArray(), await Take(t, fd, 3));
    });

    [Fact, Trait("Case", "C110")]
    public Task Messages_ReadByteByByte_InOrderInBothDirections() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync(null, 8, 8).OrThrow();
        foreach (string text in new[] { "ABCD", "EF", "G", "H" })
            await t.WriteAsync(fd, Bytes(text)).OrThrow();
        byte[] one = new byte[1];
        foreach (char c in "ABCDEFGH")
        {
            Assert.Equal(1, await t.OobReadAsync(fd, one));
            Assert.Equal((byte)c, one[0]);
        }
        foreach (string text in new[] { "1234", "56", "7", "8" })
            await t.OobWriteAsync(fd, Bytes(text)).OrThrow();
        foreach (char c in "12345678")
        {
            Assert.Equal(1, await t.ReadAsync(fd, one));
            Assert.Equal((byte)c, one[0]);
        }
    });

    [Fact, Trait("Case", "C111")]
    public Task OobRead_NotEnough_SleepsUntilAllAreThere() => Play(async s =>
    {
        (UserThread t, UserThread reader, int fd) = await Start(s, 8, 8);
        await t.WriteAsync(fd, Bytes("abc")).OrThrow();
        byte[] buffer = new byte[8];
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, buffer);
        await s.UntilAsleep(reader);
        await t.WriteAsync(fd, Bytes("de")).OrThrow();
        Assert.False(reading.IsCompleted);
        await t.WriteAsync(fd, Bytes("fgh")).OrThrow();
        Assert.Equal(8, await reading);
        Assert.Equal(Bytes("abcdefgh"), buffer);
    });

    [Fact, Trait("Case", "C112"), Trait("Case", "C114"), Trait("Case", "C113"), Trait("Decision", "Z-3"), Trait("Decision", "Z-4")]
    public Task NonBlock_ShortRead_TooLongIsEinvalFirst() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync(null, 8, 8, OpenFlags.NonBlock).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.OobReadAsync(fd, new byte[9])).Errno);
        Assert.Equal(Errno.EINVAL, (await t.WriteAsync(fd, new byte[9])).Errno);
        await t.WriteAsync(fd, Bytes("abc")).OrThrow();
        Assert.Equal(3, await t.OobReadAsync(fd, new byte[8]));
        Assert.Equal(Errno.EAGAIN, (await t.OobReadAsync(fd, new byte[8])).Errno);
        await t.WriteAsync(fd, Bytes("abcde")).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.OobReadAsync(fd, new byte[9])).Errno);
        await t.WriteAsync(fd, Bytes("fgh")).OrThrow();
        await t.FcntlAsync(fd, FcntlCommand.SetFl, 0).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.OobReadAsync(fd, new byte[9])).Errno);
        Assert.Equal(Errno.EINVAL, (await t.OobWriteAsync(fd, new byte[9])).Errno);
        Assert.Equal(8, await t.OobReadAsync(fd, new byte[8]));
    });

    [Theory, Trait("Case", "C116"), Trait("Case", "C118"), Trait("Rule", "E-5")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    public Task Ring_EverySizeAndOffset_FullCapacityAndWrap(int size) => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync(null, 0, size, OpenFlags.NonBlock).OrThrow();
        byte next = 0;
        byte expected = 0;
        for (int round = 0; round < 2 * size; round++)
        {
            byte[] full = [.. Enumerable.Range(0, size).Select(_ => next++)];
            Assert.Equal(size, await t.WriteAsync(fd, full));
            Assert.Equal(Errno.EAGAIN, (await t.WriteAsync(fd, new byte[1])).Errno);
            foreach (byte b in await OobTake(t, fd, size))
                Assert.Equal(expected++, b);
            // One on, so that the next round begins elsewhere.
            await t.WriteAsync(fd, new[] { next++ }).OrThrow();
            Assert.Equal(expected++, (await OobTake(t, fd, 1))[0]);
        }
    });

    [Theory, Trait("Case", "C119"), Trait("Decision", "Z-12")]
    [InlineData(true)]
    [InlineData(false)]
    public Task Contention_EitherOrder_ShortReadThenTheWriteCompletes(bool writerFirst) => Play(async s =>
    {
        (UserThread t, UserThread reader, int fd) = await Start(s, 8, 8);
        UserThread writer = t.Process.CreateThread();
        await t.WriteAsync(fd, Bytes("abcdef")).OrThrow();
        byte[] buffer = new byte[8];
        ValueTask<SysResult> reading = default;
        if (!writerFirst)
        {
            reading = reader.OobReadAsync(fd, buffer);
            await s.UntilAsleep(reader);
        }
        ValueTask<SysResult> writing = writer.WriteAsync(fd, Bytes("WXYZ"));
        if (writerFirst)
        {
            await s.UntilAsleep(writer);
            reading = reader.OobReadAsync(fd, buffer);
        }
        Assert.Equal(6, await reading);
        Assert.Equal(4, await writing);
        Assert.Equal(Bytes("abcdef"), buffer[..6]);
        Assert.Equal(Bytes("WXYZ"), await OobTake(reader, fd, 4));
    });

    [Theory, Trait("Case", "C122"), Trait("Case", "C123"), Trait("Rule", "E-8")]
    [InlineData(10, 10, "aaaabbbb")]
    [InlineData(10, 20, "bbbbaaaa")]
    public Task OobWriters_WokenByPriorityThenArrival(int priorityA, int priorityB, string order) => Play(async s =>
    {
        (UserThread t, UserThread first, int fd) = await Start(s, 4, 0);
        UserThread a = await s.OobThread(t.Process, priorityA);
        UserThread b = await s.OobThread(t.Process, priorityB);
        await first.OobWriteAsync(fd, new byte[4]).OrThrow();
        ValueTask<SysResult> writingA = a.OobWriteAsync(fd, Bytes("aaaa"));
        await s.UntilAsleep(a);
        ValueTask<SysResult> writingB = b.OobWriteAsync(fd, Bytes("bbbb"));
        await s.UntilAsleep(b);
        await Take(t, fd, 4);
        byte[] first4 = await Take(t, fd, 4);
        byte[] next4 = await Take(t, fd, 4);
        Assert.Equal(Bytes(order), first4.Concat(next4));
        Assert.Equal(4, await writingA);
        Assert.Equal(4, await writingB);
    });

    [Fact, Trait("Decision", "Z-23"), Trait("Rule", "E-8")]
    public Task OobWriters_HeadFirst_TheFirstThatDoesNotFitStopsTheRest() => Play(async s =>
    {
        (UserThread t, UserThread filler, int fd) = await Start(s, 8, 0);
        UserThread a = await s.OobThread(t.Process);
        UserThread b = await s.OobThread(t.Process);
        UserThread c = await s.OobThread(t.Process);
        await filler.OobWriteAsync(fd, new byte[8]).OrThrow();
        ValueTask<SysResult> writingA = a.OobWriteAsync(fd, Bytes("aa"));
        await s.UntilAsleep(a);
        ValueTask<SysResult> writingB = b.OobWriteAsync(fd, Bytes("bbbbb"));
        await s.UntilAsleep(b);
        ValueTask<SysResult> writingC = c.OobWriteAsync(fd, Bytes("c"));
        await s.UntilAsleep(c);
        // Room for a and c, not for b: a only. Then b leaves its place, and c fits.
        await Take(t, fd, 4);
        Assert.Equal(2, await writingA);
        Assert.False(writingB.IsCompleted);
        Assert.False(writingC.IsCompleted);
        b.Unblock();
        Assert.Equal(Errno.EINTR, (await writingB).Errno);
        Assert.Equal(1, await writingC);
        await Take(t, fd, 4);
        Assert.Equal(Bytes("aac"), await Take(t, fd, 3));
    });

    [Fact, Trait("Decision", "Z-23")]
    public Task OobWriters_SeveralFitAfterOneRead_AllAdmitted() => Play(async s =>
    {
        (UserThread t, UserThread a, int fd) = await Start(s, 8, 0);
        UserThread b = await s.OobThread(t.Process);
        await a.OobWriteAsync(fd, new byte[8]).OrThrow();
        ValueTask<SysResult> writingA = a.OobWriteAsync(fd, Bytes("aaaa"));
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == a.Tid);
        ValueTask<SysResult> writingB = b.OobWriteAsync(fd, Bytes("bbbb"));
        await s.UntilAsleep(b);
        await Take(t, fd, 8);
        Assert.Equal(4, await writingA);
        Assert.Equal(4, await writingB);
        Assert.Equal(Bytes("aaaabbbb"), await Take(t, fd, 8));
    });

    [Fact, Trait("Rule", "E-8")]
    public Task InBandWriters_EachThatFits_IsAdmitted() => Play(async s =>
    {
        (UserThread t, UserThread reader, int fd) = await Start(s, 0, 8);
        UserThread a = t.Process.CreateThread();
        UserThread b = t.Process.CreateThread();
        await t.WriteAsync(fd, new byte[8]).OrThrow();
        ValueTask<SysResult> writingA = a.WriteAsync(fd, Bytes("aaaaa"));
        await s.UntilAsleep(a);
        ValueTask<SysResult> writingB = b.WriteAsync(fd, Bytes("bb"));
        await s.UntilAsleep(b);
        await OobTake(reader, fd, 3);
        Assert.Equal(2, await writingB);
        Assert.False(writingA.IsCompleted);
        await OobTake(reader, fd, 5);
        Assert.Equal(5, await writingA);
        Assert.Equal(Bytes("bbaaaaa"), await OobTake(reader, fd, 7));
    });

    [Fact, Trait("Case", "C135")]
    public Task InBandReaders_EachTestsItsOwnSize() => Play(async s =>
    {
        (UserThread t, UserThread writer, int fd) = await Start(s, 8, 0);
        UserThread big = t.Process.CreateThread();
        ValueTask<SysResult> eight = big.ReadAsync(fd, new byte[8]);
        await s.UntilAsleep(big);
        ValueTask<SysResult> four = t.ReadAsync(fd, new byte[4]);
        await s.UntilAsleep(t);
        await writer.OobWriteAsync(fd, Bytes("1234")).OrThrow();
        Assert.Equal(4, await four);
        Assert.False(eight.IsCompleted);
        await writer.OobWriteAsync(fd, Bytes("12345678")).OrThrow();
        Assert.Equal(8, await eight);
    });

    [Fact, Trait("Case", "C127"), Trait("Rule", "E-7")]
    public Task Writers_FirstCopyStalled_BothAppearWithItInOrder() => Play(async s =>
    {
        (UserThread t, UserThread reader, int fd) = await Start(s, 0, 8);
        UserThread slow = t.Process.CreateThread();
        await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        var page = new TaskCompletionSource();
        ValueTask<SysResult> writing = slow.WriteAsync(fd, UserBuffer.StallingUntil(Bytes("aaa"), page.Task));
        await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == slow.Tid && e.Nr == SyscallNumber.Write);
        Assert.Equal(2, await t.WriteAsync(fd, Bytes("bb")));
        Assert.Equal(Errno.EAGAIN, (await reader.OobReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EAGAIN, (await t.WriteAsync(fd, new byte[4])).Errno);
        page.SetResult();
        Assert.Equal(3, await writing);
        Assert.Equal(Bytes("aaabb"), await OobTake(reader, fd, 5));
    });

    [Fact, Trait("Case", "C128"), Trait("Rule", "E-7")]
    public Task Reader_CopyStalled_ItsSpaceIsNotFreeBefore() => Play(async s =>
    {
        (UserThread t, UserThread writer, int fd) = await Start(s, 8, 0);
        UserThread slow = t.Process.CreateThread();
        await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        await writer.OobWriteAsync(fd, Bytes("abcdefgh")).OrThrow();
        var page = new TaskCompletionSource();
        byte[] buffer = new byte[4];
        ValueTask<SysResult> reading = slow.ReadAsync(fd, UserBuffer.StallingUntil(buffer, page.Task));
        await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == slow.Tid && e.Nr == SyscallNumber.Read);
        Assert.Equal(Errno.EAGAIN, (await writer.OobWriteAsync(fd, new byte[4])).Errno);
        // The second reader finishes first; space is free with the slowest.
        Assert.Equal(Bytes("ef"), await Take(t, fd, 2));
        Assert.Equal(Errno.EAGAIN, (await writer.OobWriteAsync(fd, new byte[1])).Errno);
        page.SetResult();
        Assert.Equal(4, await reading);
        Assert.Equal(Bytes("abcd"), buffer);
        Assert.Equal(6, await writer.OobWriteAsync(fd, new byte[6]));
    });

    [Fact, Trait("Case", "C129"), Trait("Rule", "E-6")]
    public Task Reader_BadBuffer_BytesAreLostAndSpaceIsFree() => Play(async s =>
    {
        (UserThread t, UserThread writer, int fd) = await Start(s, 6, 0);
        await writer.OobWriteAsync(fd, Bytes("abcdef")).OrThrow();
        ValueTask<SysResult> writing = writer.OobWriteAsync(fd, Bytes("WXYZ"));
        await s.UntilAsleep(writer);
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(fd, UserBuffer.Bad(4))).Errno);
        Assert.Equal(4, await writing);
        Assert.Equal(Bytes("efWXYZ"), await Take(t, fd, 6));
    });

    [Theory, Trait("Rule", "E-6")]
    [InlineData(0)]
    [InlineData(5)]
    public Task Writer_BadBuffer_SlotIsCommittedWithZeros(int offset) => Play(async s =>
    {
        // The slot wraps after 3 bytes; the fault is in the first chunk or within one of them.
        (UserThread t, UserThread writer, int fd) = await Start(s, 8, 0);
        for (int skip = 5; skip > 0; skip -= 5)
        {
            await writer.OobWriteAsync(fd, Bytes("xxxxx")).OrThrow();
            await Take(t, fd, 5);
        }
        UserBuffer bad = offset == 0 ? UserBuffer.FaultingAt(Bytes("abcdef"), 2) : UserBuffer.FaultingAt(Bytes("abcdef"), offset);
        Assert.Equal(Errno.EFAULT, (await writer.OobWriteAsync(fd, bad)).Errno);
        Assert.Equal(Bytes(offset == 0 ? "ab\0\0\0\0" : "abcde\0"), await Take(t, fd, 6));
    });

    [Fact, Trait("Case", "C131"), Trait("Rule", "E-9")]
    public Task CloseLastFd_OobSleepersOfBothDirections_Eidrm() => Play(async s =>
    {
        (UserThread t, UserThread reader, int fd) = await Start(s, 4, 4);
        UserThread writer = await s.OobThread(t.Process);
        await writer.OobWriteAsync(fd, new byte[4]).OrThrow();
        ValueTask<SysResult> writing = writer.OobWriteAsync(fd, new byte[1]);
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(writer);
        await s.UntilAsleep(reader);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(Errno.EIDRM, (await writing).Errno);
        Assert.Equal(Errno.EIDRM, (await reading).Errno);
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Case", "C142"), Trait("Decision", "Z-17"), Trait("Rule", "E-9")]
    public Task CloseOfAnotherProcesssFile_FlushesOobSleepersOnly() => Play(async s =>
    {
        (UserThread t, UserThread reader, int _) = await Start(s, 4, 4);
        int fd = await t.CreateXbufAsync("/shared", 4, 4).OrThrow();
        UserThread other = s.Machine.CreateProcess().CreateThread();
        int theirs = await other.OpenAsync("/dev/evl/xbuf/shared").OrThrow();
        UserThread inBand = t.Process.CreateThread();
        ValueTask<SysResult> sleeping = inBand.ReadAsync(fd, new byte[1]);
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(inBand);
        await s.UntilAsleep(reader);
        await other.CloseAsync(theirs).OrThrow();
        Assert.Equal(Errno.EIDRM, (await reading).Errno);
        Assert.False(sleeping.IsCompleted);
        // The descriptor is as good as before.
        ValueTask<SysResult> again = reader.OobReadAsync(fd, new byte[1]);
        await t.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, await again);
        await reader.OobWriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, await sleeping);
    });

    [Fact, Trait("Case", "C134"), Trait("Rule", "E-3")]
    public Task InBandRead_Interrupted_NothingIsConsumed() => Play(async s =>
    {
        (UserThread t, UserThread writer, int fd) = await Start(s, 8, 8);
        await writer.OobWriteAsync(fd, Bytes("abc")).OrThrow();
        ValueTask<SysResult> reading = t.ReadAsync(fd, new byte[4]);
        await s.UntilAsleep(t);
        t.Unblock();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        using var cancellation = new CancellationTokenSource();
        UserThread other = t.Process.CreateThread();
        reading = other.ReadAsync(fd, new byte[4], cancellation.Token);
        await s.UntilAsleep(other);
        cancellation.Cancel();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(Bytes("abc"), await Take(t, fd, 3));
    });

    [Fact, Trait("Case", "C015"), Trait("Rule", "A-7")]
    public Task Unblock_AgainstDataAndAnotherSleeper_EndsNobodyElsesSleep() => Play(async s =>
    {
        // The unblocking may come when the call has ended and its place in the device serves the other thread's call.
        (UserThread t, UserThread a, int fd) = await Start(s, 0, 8);
        UserThread b = await s.OobThread(t.Process);
        UserThread writer = t.Process.CreateThread();
        ValueTask<SysResult> readingA = a.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(a);
        ValueTask<SysResult> writing = writer.WriteAsync(fd, new byte[1]);
        a.Unblock();
        ValueTask<SysResult> readingB = b.OobReadAsync(fd, new byte[2]);
        SysResult resultA = await readingA;
        Assert.True(resultA == 1 || resultA.Errno == Errno.EINTR, $"{resultA}");
        Assert.Equal(1, await writing);
        await t.WriteAsync(fd, new byte[2]).OrThrow();
        Assert.Equal(2, await readingB);
    });

    [Fact, Trait("Case", "C143"), Trait("Rule", "E-11")]
    public Task Ioctl_AnyCommand_Enotty() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 8, 8);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, 0x1234)).Errno);
        Assert.Equal(Errno.ENOTTY, (await oob.OobIoctlAsync(fd, 0x1234)).Errno);
    });

    [Fact, Trait("Case", "C150"), Trait("Case", "C049"), Trait("Rule", "E-1")]
    public Task Rings_AreIndependent() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync(null, 4, 4, OpenFlags.NonBlock).OrThrow();
        Assert.Equal(4, await t.OobWriteAsync(fd, new byte[4]));
        Assert.Equal(Errno.EAGAIN, (await t.OobWriteAsync(fd, new byte[1])).Errno);
        Assert.Equal(4, await t.WriteAsync(fd, new byte[4]));
        Assert.Equal(4, await t.ReadAsync(fd, new byte[4]));
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[4])).Errno);
        Assert.Equal(4, await t.OobReadAsync(fd, new byte[4]));
    });

    [Fact, Trait("Case", "C151"), Trait("Case", "C089")]
    public Task NonBlockAtCreation_FlagIsSet_AndReadAtCallStart() => Play(async s =>
    {
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.CreateXbufAsync(null, 4, 4, OpenFlags.NonBlock).OrThrow();
        Assert.Equal((long)(OpenFlags.ReadWrite | OpenFlags.NonBlock), (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
        Assert.Equal(Errno.EAGAIN, (await t.OobReadAsync(fd, new byte[1])).Errno);
        await t.FcntlAsync(fd, FcntlCommand.SetFl, 0).OrThrow();
        UserThread other = t.Process.CreateThread();
        ValueTask<SysResult> reading = t.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(t);
        await other.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        Assert.False(reading.IsCompleted);
        await other.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, await reading);
    });

    [Fact, Trait("Case", "C147"), Trait("Decision", "Z-2"), Trait("Rule", "E-12")]
    public Task KernelWrite_IsReadInBand_NotOob() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, int dev, _) = await StartTransfers(s, 64);
        await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        Assert.Equal(16, await oob.OobIoctlAsync(dev, TransferDevice.WriteXbuf, 16));
        Assert.Equal(Errno.EAGAIN, (await oob.OobReadAsync(fd, new byte[16])).Errno);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (byte)i), await Take(t, fd, 16));
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
    });

    [Fact, Trait("Decision", "Z-5"), Trait("Rule", "E-12")]
    public Task KernelTransfer_WhereItMayNotBlock_Eperm() => Play(async s =>
    {
        (UserThread t, UserThread oob, _, int dev, TransferDevice device) = await StartTransfers(s, 8);
        Assert.Equal(Errno.EPERM, (await t.IoctlAsync(dev, TransferDevice.WriteXbuf, 4)).Errno);
        Assert.Equal(Errno.EPERM, (await t.IoctlAsync(dev, TransferDevice.ReadXbuf, 4)).Errno);
        Assert.Equal(4, await t.IoctlAsync(dev, TransferDevice.TryWrite, 4));
        Assert.Equal(Errno.EAGAIN, (await t.IoctlAsync(dev, TransferDevice.TryRead, 4)).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.OobIoctlAsync(dev, TransferDevice.WriteXbuf, 9)).Errno);
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(dev, TransferDevice.TryWrite, 0));
        await t.IoctlAsync(dev, TransferDevice.StartTimer).OrThrow();
        await t.IoctlAsync(dev, TransferDevice.AwaitTimer).OrThrow();
        Assert.Equal([SysResult.Ok(4), Errno.EPERM, Errno.EAGAIN, Errno.EPERM], device.TimerResults);
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
    });

    [Fact, Trait("Rule", "E-12")]
    public Task KernelRead_Blocking_SleepsUntilData_FilesOwnFlagDoesNotMatter() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, int dev, _) = await StartTransfers(s, 8);
        await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        ValueTask<SysResult> reading = oob.OobIoctlAsync(dev, TransferDevice.ReadXbuf, 4);
        await s.UntilAsleep(oob);
        await t.WriteAsync(fd, new byte[4]).OrThrow();
        Assert.Equal(4, await reading);
        long last = s.Of(MachineEventKind.CallAsleep).Last(e => e.Tid == oob.Tid).Call;
        reading = oob.OobIoctlAsync(dev, TransferDevice.ReadXbuf, 4);
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == oob.Tid && e.Call > last);
        oob.Unblock();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
    });

    [Fact, Trait("Rule", "E-12")]
    public Task KernelThread_WritesBlocking_UntilItIsStopped() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, int dev, TransferDevice device) = await StartTransfers(s, 8);
        await oob.OobIoctlAsync(dev, TransferDevice.StartThread).OrThrow();
        for (int i = 0; i < 10; i++)
            Assert.Equal(i, BitConverter.ToInt32(await Take(t, fd, 4)));
        // Wherever the stop finds it, on its way to the buffer or asleep there, it ends.
        SysResult ended = await oob.OobIoctlAsync(dev, TransferDevice.StopThread);
        Assert.True(ended.Errno is Errno.EINTR or Errno.None, $"{ended}");
        Assert.InRange(device.Written, 10, 12);
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        s.AssertSound(everythingClosed: false);
    });

    [Fact, Trait("Rule", "E-9")]
    public Task CloseLastFd_KernelTransferAsleep_EidrmAndCloseWaitsForPut() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, int dev, _) = await StartTransfers(s, 8);
        ValueTask<SysResult> reading = oob.OobIoctlAsync(dev, TransferDevice.ReadXbuf, 4);
        await s.UntilAsleep(oob);
        ValueTask<SysResult> closing = t.CloseAsync(fd);
        Assert.Equal(Errno.EIDRM, (await reading).Errno);
        Assert.False(closing.IsCompleted);
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
        Assert.Equal(SysResult.Ok(), await closing);
    });

    [Fact, Trait("Decision", "Z-6"), Trait("Rule", "E-12")]
    public Task GetXbuf_OfAnotherClass_NothingAndNoReferenceLeft() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/transfer", () => new TransferDevice());
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int dev = await t.OpenAsync("/dev/transfer").OrThrow();
        int other = await t.OpenAsync("/dev/transfer").OrThrow();
        Assert.Equal(Errno.EBADF, (await t.OobIoctlAsync(dev, TransferDevice.Bind, other)).Errno);
        Assert.Equal(Errno.EBADF, (await t.OobIoctlAsync(dev, TransferDevice.Bind, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await t.OobIoctlAsync(dev, TransferDevice.Bind, 99)).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(other));
        s.AssertSound(everythingClosed: false);
    });

    [Theory, Trait("Rule", "E-3"), Trait("Rule", "E-4")]
    [InlineData(9)]
    [InlineData(0x7fff_ffff)]
    [InlineData(0x8000_0000)]
    [InlineData(long.MaxValue)]
    public Task Transfer_MoreThanTheRing_EinvalOrEnobufsWhateverTheFlagsAndTheFill(long count) => Play(async s =>
    {
        (UserThread t, UserThread oob, int both) = await Start(s, 8, 8);
        await t.WriteAsync(both, new byte[8]).OrThrow();
        await oob.OobWriteAsync(both, new byte[8]).OrThrow();
        int inboundOnly = await t.CreateXbufAsync(null, 8, 0).OrThrow();
        int outboundOnly = await t.CreateXbufAsync(null, 0, 8).OrThrow();
        var buffer = new UserBuffer(new byte[8], count);
        foreach (OpenFlags flags in new[] { default, OpenFlags.NonBlock })
        {
            foreach (int fd in new[] { both, inboundOnly, outboundOnly })
                await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)flags).OrThrow();
            Assert.Equal(Errno.EINVAL, (await t.ReadAsync(both, buffer)).Errno);
            Assert.Equal(Errno.EINVAL, (await t.WriteAsync(both, buffer)).Errno);
            Assert.Equal(Errno.EINVAL, (await oob.OobReadAsync(both, buffer)).Errno);
            Assert.Equal(Errno.EINVAL, (await oob.OobWriteAsync(both, buffer)).Errno);
            Assert.Equal(Errno.ENOBUFS, (await t.WriteAsync(inboundOnly, buffer)).Errno);
            Assert.Equal(Errno.ENOBUFS, (await oob.OobReadAsync(inboundOnly, buffer)).Errno);
            Assert.Equal(Errno.ENOBUFS, (await t.ReadAsync(outboundOnly, buffer)).Errno);
            Assert.Equal(Errno.ENOBUFS, (await oob.OobWriteAsync(outboundOnly, buffer)).Errno);
        }
        // As a size it is huge; in-band the buffer's range is tested before.
        var negative = new UserBuffer(new byte[8], -count);
        Assert.Equal(Errno.EINVAL, (await oob.OobReadAsync(both, negative)).Errno);
        Assert.Equal(Errno.EINVAL, (await oob.OobWriteAsync(both, negative)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(both, negative)).Errno);
        Assert.Equal(8, await oob.OobReadAsync(both, new byte[8]));
    });

    [Fact, Trait("Rule", "E-3"), Trait("Rule", "D-1")]
    public Task Transfer_WrongMode_EbadfBeforeEverythingElse() => Play(async s =>
    {
        (UserThread t, UserThread oob, int _) = await Start(s, 8, 8);
        await t.CreateXbufAsync("/modes", 8, 0).OrThrow();
        int read = await t.OpenAsync("/dev/evl/xbuf/modes", OpenFlags.ReadOnly).OrThrow();
        int write = await t.OpenAsync("/dev/evl/xbuf/modes", OpenFlags.WriteOnly | OpenFlags.NonBlock).OrThrow();
        foreach (byte[] buffer in new[] { [], new byte[1], new byte[9] })
        {
            Assert.Equal(Errno.EBADF, (await t.WriteAsync(read, buffer)).Errno);
            Assert.Equal(Errno.EBADF, (await oob.OobWriteAsync(read, buffer)).Errno);
            Assert.Equal(Errno.EBADF, (await t.ReadAsync(write, buffer)).Errno);
            Assert.Equal(Errno.EBADF, (await oob.OobReadAsync(write, buffer)).Errno);
        }
        Assert.Equal(8, await oob.OobWriteAsync(write, new byte[8]));
        Assert.Equal(Errno.EAGAIN, (await oob.OobWriteAsync(write, new byte[1])).Errno);
        Assert.Equal(Errno.ENOBUFS, (await oob.OobReadAsync(read, new byte[1])).Errno);
        Assert.Equal(8, await t.ReadAsync(read, new byte[8]));
        Assert.Equal(Errno.ENOTTY, (await oob.OobIoctlAsync(read, 1)).Errno);
    });

    [Fact, Trait("Rule", "B-2")]
    public Task Transfer_Of32BitProcess_AsOfAnyOther() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess(new EvlProcessOptions { Is32Bit = true });
        UserThread oob = await s.OobThread(app);
        int fd = await oob.CreateXbufAsync("/compat", 8, 8).OrThrow();
        Assert.Equal(3, await oob.OobWriteAsync(fd, Bytes("abc")));
        Assert.Equal(Bytes("abc"), await Take(oob, fd, 3));
        Assert.Equal(Errno.ENOTTY, (await oob.OobIoctlAsync(fd, 1)).Errno);
        // A descriptor that only names the node keeps no element alive.
        int path = await oob.OpenAsync("/dev/evl/xbuf/compat", OpenFlags.Path).OrThrow();
        Assert.Equal(Errno.EBADF, (await oob.OobReadAsync(path, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await oob.CloseAsync(fd));
        Assert.Equal(Errno.ENOENT, (await oob.OpenAsync("/dev/evl/xbuf/compat")).Errno);
        Assert.Equal(SysResult.Ok(), await oob.CloseAsync(path));
    });

    [Fact, Trait("Rule", "E-8")]
    public Task Newcomer_MessageFits_OvertakesWritersAsleep() => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int fd) = await Start(s, 8, 0);
        UserThread newcomer = await s.OobThread(t.Process, priority: 1);
        await newcomer.OobWriteAsync(fd, Bytes("123")).OrThrow();
        ValueTask<SysResult> writing = sleeper.OobWriteAsync(fd, Bytes("abcdef"));
        await s.UntilAsleep(sleeper);
        Assert.Equal(2, await newcomer.OobWriteAsync(fd, Bytes("45")));
        Assert.False(writing.IsCompleted);
        Assert.Equal(Bytes("12345"), await Take(t, fd, 5));
        Assert.Equal(6, await writing);
        Assert.Equal(Bytes("abcdef"), await Take(t, fd, 6));
    });

    [Fact, Trait("Rule", "E-8")]
    public Task Newcomer_AfterSpaceWasGiven_DoesNotOvertake() => Play(async s =>
    {
        (UserThread t, UserThread sleeper, int _) = await Start(s, 4, 4);
        UserThread newcomer = await s.OobThread(t.Process, priority: 99);
        int fd = await t.CreateXbufAsync("/given", 4, 4).OrThrow();
        int tries = await t.OpenAsync("/dev/evl/xbuf/given", OpenFlags.ReadWrite | OpenFlags.NonBlock).OrThrow();
        await sleeper.OobWriteAsync(fd, Bytes("1234")).OrThrow();
        ValueTask<SysResult> writing = sleeper.OobWriteAsync(fd, Bytes("abcd"));
        await s.UntilAsleep(sleeper);
        ValueTask<SysResult> taking = t.ReadAsync(fd, new byte[4]);
        // Full before the read, given away after it.
        for (int i = 0; i < 5; i++)
            Assert.Equal(Errno.EAGAIN, (await newcomer.OobWriteAsync(tries, Bytes("X"))).Errno);
        Assert.Equal(4, await taking);
        Assert.Equal(Errno.EAGAIN, (await newcomer.OobWriteAsync(tries, Bytes("X"))).Errno);
        Assert.Equal(4, await writing);
        Assert.Equal(Bytes("abcd"), await Take(t, fd, 4));
    });

    [Fact, Trait("Rule", "E-8")]
    public Task OobReaders_ByPriority_EachTestsItsOwnSize() => Play(async s =>
    {
        (UserThread t, UserThread _, int fd) = await Start(s, 0, 16);
        UserThread low = await s.OobThread(t.Process, 10);
        UserThread high = await s.OobThread(t.Process, 20);
        UserThread top = await s.OobThread(t.Process, 30);
        byte[] ofLow = new byte[4];
        byte[] ofHigh = new byte[4];
        ValueTask<SysResult> lowReads = low.OobReadAsync(fd, ofLow);
        await s.UntilAsleep(low);
        ValueTask<SysResult> highReads = high.OobReadAsync(fd, ofHigh);
        await s.UntilAsleep(high);
        ValueTask<SysResult> topReads = top.OobReadAsync(fd, new byte[12]);
        await s.UntilAsleep(top);
        // Too little for the first in the queue, enough for the second, then for the third.
        await t.WriteAsync(fd, Bytes("1234")).OrThrow();
        Assert.Equal(4, await highReads);
        Assert.Equal(Bytes("1234"), ofHigh);
        Assert.False(lowReads.IsCompleted);
        await t.WriteAsync(fd, Bytes("5678")).OrThrow();
        Assert.Equal(4, await lowReads);
        Assert.Equal(Bytes("5678"), ofLow);
        Assert.False(topReads.IsCompleted);
        await t.WriteAsync(fd, new byte[12]).OrThrow();
        Assert.Equal(12, await topReads);
        // What a sleep returned is what was given.
        Assert.Equal([4, 4, 12], s.Of(MachineEventKind.CallWoken).Select(e => e.Result.Value));
    });

    [Fact, Trait("Rule", "E-8")]
    public Task DemotedWriter_WaitsBehindEveryPriority() => Play(async s =>
    {
        (UserThread t, UserThread filler, int fd) = await Start(s, 4, 0);
        UserThread demoted = t.Process.CreateThread(SchedPolicy.Fifo, 90);
        int self = await demoted.AttachAsync().OrThrow();
        UserThread low = await s.OobThread(t.Process, 1);
        await t.DemoteThreadAsync(self).OrThrow();
        await filler.OobWriteAsync(fd, new byte[4]).OrThrow();
        ValueTask<SysResult> first = demoted.OobWriteAsync(fd, Bytes("dddd"));
        await s.UntilAsleep(demoted);
        ValueTask<SysResult> second = low.OobWriteAsync(fd, Bytes("llll"));
        await s.UntilAsleep(low);
        await Take(t, fd, 4);
        Assert.Equal(Bytes("llll"), await Take(t, fd, 4));
        Assert.Equal(Bytes("dddd"), await Take(t, fd, 4));
        Assert.Equal(4, await first);
        Assert.Equal(4, await second);
    });

    [Theory, Trait("Decision", "Z-12")]
    [InlineData(true)]
    [InlineData(false)]
    public Task Contention_InboundRing_ShortReadInEitherOrder(bool writerFirst) => Play(async s =>
    {
        (UserThread t, UserThread writer, int fd) = await Start(s, 8, 8);
        UserThread reader = t.Process.CreateThread();
        UserThread second = t.Process.CreateThread();
        await writer.OobWriteAsync(fd, Bytes("abcdef")).OrThrow();
        byte[] buffer = new byte[8];
        ValueTask<SysResult> reading = default;
        if (!writerFirst)
        {
            reading = reader.ReadAsync(fd, buffer);
            await s.UntilAsleep(reader);
        }
        ValueTask<SysResult> writing = writer.OobWriteAsync(fd, Bytes("WXYZ"));
        if (writerFirst)
        {
            await s.UntilAsleep(writer);
            reading = reader.ReadAsync(fd, buffer);
        }
        Assert.Equal(6, await reading);
        Assert.Equal(4, await writing);
        Assert.Equal(Bytes("abcdef"), buffer[..6]);
        // With no writer asleep a reader sleeps for all it wants.
        ValueTask<SysResult> whole = second.ReadAsync(fd, buffer);
        await s.UntilAsleep(second);
        await writer.OobWriteAsync(fd, Bytes("1234")).OrThrow();
        Assert.Equal(8, await whole);
        Assert.Equal(Bytes("WXYZ1234"), buffer);
    });

    [Fact, Trait("Decision", "Z-12"), Trait("Rule", "E-12")]
    public Task Contention_WithAKernelThreadsWrite_ShortRead() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, int dev, _) = await StartTransfers(s, 6);
        await oob.OobIoctlAsync(dev, TransferDevice.StartThread).OrThrow();
        // Messages of 4 in a ring of 6: each leaves the next one asleep, and a reader of 6 takes what there is.
        for (int i = 0; i < 5; i++)
        {
            byte[] buffer = new byte[6];
            Assert.Equal(4, await t.ReadAsync(fd, buffer));
            Assert.Equal(i, BitConverter.ToInt32(buffer));
        }
        await oob.OobIoctlAsync(dev, TransferDevice.StopThread);
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
    });

    [Fact, Trait("Rule", "E-6"), Trait("Rule", "E-5")]
    public Task Reader_FaultsInTheSecondChunk_TheWholeSlotIsConsumed() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 8, 8);
        await oob.OobWriteAsync(fd, new byte[5]).OrThrow();
        await Take(t, fd, 5);
        await oob.OobWriteAsync(fd, Bytes("abcdefgh")).OrThrow();
        byte[] memory = new byte[6];
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(fd, UserBuffer.FaultingAt(memory, 4))).Errno);
        Assert.Equal(Bytes("abcd\0\0"), memory);
        Assert.Equal(Bytes("gh"), await Take(t, fd, 2));
        // The same out-of-band, by memory that is shorter than the count.
        await t.WriteAsync(fd, Bytes("abcdefgh")).OrThrow();
        Assert.Equal(Errno.EFAULT, (await oob.OobReadAsync(fd, new UserBuffer(memory, 7))).Errno);
        Assert.Equal(Bytes("abcdef"), memory);
        Assert.Equal(Bytes("h"), await OobTake(oob, fd, 1));
    });

    [Fact, Trait("Rule", "E-6")]
    public Task OobTransfer_PageNotThere_FaultsAtOnce() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 8, 8);
        var never = new TaskCompletionSource();
        await t.WriteAsync(fd, Bytes("abcdefgh")).OrThrow();
        Assert.Equal(Errno.EFAULT, (await oob.OobReadAsync(fd, UserBuffer.StallingUntil(new byte[4], never.Task))).Errno);
        Assert.Equal(Bytes("efgh"), await OobTake(oob, fd, 4));
        Assert.Equal(Errno.EFAULT, (await oob.OobWriteAsync(fd, UserBuffer.StallingUntil(Bytes("wxyz"), never.Task))).Errno);
        Assert.Equal(new byte[4], await Take(t, fd, 4));
    });

    [Theory, Trait("Rule", "E-6")]
    [InlineData(true)]
    [InlineData(false)]
    public Task InBandTransfer_PageNeverComes_FaultsAndTheBufferIsWell(bool writes)
    {
        return Play(async s =>
        {
            (UserThread t, UserThread oob, int fd) = await Start(s, 4, 4);
            UserThread slow = t.Process.CreateThread();
            await oob.OobWriteAsync(fd, Bytes("abcd")).OrThrow();
            var page = new TaskCompletionSource();
            UserBuffer stalled = UserBuffer.StallingUntil(new byte[4], page.Task);
            ValueTask<SysResult> transferring = writes ? slow.WriteAsync(fd, stalled) : slow.ReadAsync(fd, stalled);
            await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == slow.Tid && e.Nr is SyscallNumber.Write or SyscallNumber.Read);
            page.SetException(new IOException("The page can't be read."));
            Assert.Equal(Errno.EFAULT, (await transferring).Errno);
            if (writes)
                Assert.Equal(new byte[4], await OobTake(oob, fd, 4));
            else
                Assert.Equal(4, await oob.OobWriteAsync(fd, Bytes("wxyz")));
            Assert.Empty(s.Of(MachineEventKind.DeviceFailed));
        });
    }

    [Theory, Trait("Decision", "Z-17"), Trait("Rule", "E-9")]
    [InlineData(true)]
    [InlineData(false)]
    public Task OtherProcess_Ends_FlushesOnlyByAReleaseOfItsOwn(bool opened) => Play(async s =>
    {
        (UserThread t, UserThread reader, int _) = await Start(s, 4, 4);
        int fd = await t.CreateXbufAsync("/ends", 4, 4).OrThrow();
        UserThread writer = await s.OobThread(t.Process);
        await writer.OobWriteAsync(fd, new byte[4]).OrThrow();
        EvlProcess other;
        if (opened)
        {
            other = s.Machine.CreateProcess();
            await other.CreateThread().OpenAsync("/dev/evl/xbuf/ends").OrThrow();
        }
        else
        {
            // A forked child's descriptor is of the same open file.
            other = s.Machine.GetProcess((int)(await t.ForkAsync()).OrThrow())!;
        }
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[1]);
        ValueTask<SysResult> writing = writer.OobWriteAsync(fd, new byte[1]);
        await s.UntilAsleep(reader);
        await s.UntilAsleep(writer);
        await other.ExitAsync().OrThrow();
        if (!opened)
        {
            await t.WriteAsync(fd, new byte[1]).OrThrow();
            await Take(t, fd, 4);
        }
        Assert.Equal(opened ? Errno.EIDRM : Errno.None, (await reading).Errno);
        Assert.Equal(opened ? Errno.EIDRM : Errno.None, (await writing).Errno);
    });

    [Fact, Trait("Rule", "E-11")]
    public Task OtherCalls_EachItsErrno() => Play(async s =>
    {
        (UserThread t, UserThread _, int fd) = await Start(s, 8, 8);
        Assert.Equal(Errno.ENODEV, (await t.MmapAsync(fd, 4096)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(fd, 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.PreadAsync(fd, new byte[1], 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.PwriteAsync(fd, new byte[1], 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.FsyncAsync(fd)).Errno);
        Assert.Equal(SysResult.Ok(), await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.Async));
        Assert.Equal((long)OpenFlags.ReadWrite, (await t.FcntlAsync(fd, FcntlCommand.GetFl)).Value);
    });

    [Fact, Trait("Rule", "E-12")]
    public Task KernelTransfer_NoRingOrTooMuch_AsTheCallsSay() => Play(async s =>
    {
        (UserThread t, UserThread oob, _, int dev, _) = await StartTransfers(s, 8);
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
        int inboundOnly = await t.CreateXbufAsync(null, 8, 0).OrThrow();
        await t.IoctlAsync(dev, TransferDevice.Bind, inboundOnly).OrThrow();
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(dev, TransferDevice.ReadXbuf, 0));
        Assert.Equal(Errno.ENOBUFS, (await oob.OobIoctlAsync(dev, TransferDevice.ReadXbuf, 9)).Errno);
        Assert.Equal(Errno.ENOBUFS, (await t.IoctlAsync(dev, TransferDevice.TryRead, 1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.IoctlAsync(dev, TransferDevice.TryWrite, 9)).Errno);
        Assert.Equal(8, await t.IoctlAsync(dev, TransferDevice.TryWrite, 8));
        Assert.Equal(Errno.EAGAIN, (await t.IoctlAsync(dev, TransferDevice.TryWrite, 1)).Errno);
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
    });

    [Fact, Trait("Rule", "E-9"), Trait("Rule", "E-12")]
    public Task KernelTransfer_AfterTheReleaseHasBegun_ServedButNeverAsleep() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, int dev, _) = await StartTransfers(s, 8);
        await t.WriteAsync(fd, new byte[4]).OrThrow();
        ValueTask<SysResult> closing = t.CloseAsync(fd);
        await s.Until(e => e.Kind == MachineEventKind.ReleaseOobBegun);
        Assert.Equal(4, await oob.OobIoctlAsync(dev, TransferDevice.ReadXbuf, 4));
        // Its sleepers were flushed; one that came later would sleep on, and the close with it.
        Assert.Equal(Errno.EIDRM, (await oob.OobIoctlAsync(dev, TransferDevice.ReadXbuf, 4)).Errno);
        Assert.Equal(Errno.EAGAIN, (await oob.OobIoctlAsync(dev, TransferDevice.TryRead, 4)).Errno);
        Assert.Equal(8, await oob.OobIoctlAsync(dev, TransferDevice.WriteXbuf, 8));
        Assert.Equal(Errno.EIDRM, (await oob.OobIoctlAsync(dev, TransferDevice.WriteXbuf, 8)).Errno);
        Assert.False(closing.IsCompleted);
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
        Assert.Equal(SysResult.Ok(), await closing);
        Assert.Empty(s.Of(MachineEventKind.DeviceFailed));
    });

    [Fact, Trait("Rule", "E-12"), Trait("Rule", "D-3")]
    public Task KernelTransfers_FileOfTheHandlerIsReleased_WhatIsThereIsServed() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, int dev, _) = await StartTransfers(s, 8);
        int second = await t.OpenAsync("/dev/transfer").OrThrow();
        await t.WriteAsync(fd, new byte[8]).OrThrow();
        // The release may find the handler between any two of its reads: none of them has to sleep, so none is refused.
        ValueTask<SysResult> reading = oob.OobIoctlAsync(second, TransferDevice.ReadBytes, 8);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(second));
        SysResult read = await reading;
        Assert.True(read == 8 || read.Errno == Errno.EBADF, $"{read}");
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
    });

    [Fact, Trait("Rule", "E-12")]
    public Task KernelThread_StoppedInATransferThatDoesNotSleep_ItsNextSleepEnds() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, int dev, _) = await StartTransfers(s, 8);
        await oob.OobIoctlAsync(dev, TransferDevice.StartSleeper).OrThrow();
        Assert.Equal(Errno.EINTR, (await t.IoctlAsync(dev, TransferDevice.StopThread)).Errno);
        Assert.Equal(new byte[4], await Take(t, fd, 4));
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
    });

    [Theory, Trait("Rule", "E-3"), Trait("Rule", "E-4"), Trait("Rule", "E-5")]
    [InlineData(true)]
    [InlineData(false)]
    public Task RandomSizes_BytesInAreBytesOutInOrder(bool inbound)
    {
        ulong seed = 0;
        return Play(async s =>
        {
            var sizes = new SplitMix(++seed);
            int size = 1 + sizes.Below(40);
            (UserThread t, UserThread oob, int fd) = await Start(s, inbound ? size : 0, inbound ? 0 : size);
            const int Total = 600;
            Task reading = ReadAll();
            byte next = 0;
            for (int sent = 0; sent < Total;)
            {
                byte[] message = new byte[Math.Min(Total - sent, 1 + sizes.Below(size))];
                for (int i = 0; i < message.Length; i++)
                    message[i] = next++;
                SysResult written = await (inbound ? oob.OobWriteAsync(fd, message) : t.WriteAsync(fd, message));
                Assert.Equal(message.Length, written);
                sent += message.Length;
            }
            await reading;

            async Task ReadAll()
            {
                var readSizes = new SplitMix(~seed);
                byte expected = 0;
                for (int received = 0; received < Total;)
                {
                    byte[] buffer = new byte[Math.Min(Total - received, 1 + readSizes.Below(size))];
                    int count = (await (inbound ? t.ReadAsync(fd, buffer) : oob.OobReadAsync(fd, buffer))).OrThrow();
                    for (int i = 0; i < count; i++)
                        Assert.Equal(expected++, buffer[i]);
                    received += count;
                }
            }
        });
    }

    [Theory, Trait("Rule", "E-12"), Trait("Rule", "A-7")]
    [InlineData(true)]
    [InlineData(false)]
    public Task KernelRead_SignalledAsleep_MadeAgainOrEintrAndNothingLost(bool restart) => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, int dev, _) = await StartTransfers(s, 8);
        await oob.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { }, restart)).OrThrow();
        await t.WriteAsync(fd, Bytes("ab")).OrThrow();
        Task<SysResult> reading = oob.OobIoctlAsync(dev, TransferDevice.ReadXbuf, 4).AsTask();
        await s.UntilAsleep(oob);
        await t.TkillAsync(oob.Tid, Signal.SIGUSR1).OrThrow();
        if (restart)
        {
            await t.WriteAsync(fd, Bytes("cd")).OrThrow();
            Assert.Equal(4, (await reading).OrThrow());
        }
        else
        {
            Assert.Equal(Errno.EINTR, (await reading).Errno);
            Assert.Equal(Bytes("ab"), await OobTake(oob, fd, 2));
        }
        await oob.OobIoctlAsync(dev, TransferDevice.Unbind).OrThrow();
    });

    [Fact, Trait("Rule", "q-1")]
    public Task Sleepers_MemoryOfTheFirstIsGone_EioForBothAndTheWriteIsThrough() => Play(async s =>
    {
        (UserThread t, _, int fd) = await Start(s, 8, 8);
        UserThread first = await s.OobThread(t.Process, priority: 60);
        UserThread second = await s.OobThread(t.Process, priority: 50);
        using var gone = new GoneMemory();
        ValueTask<SysResult> failing = first.OobReadAsync(fd, new UserBuffer(gone.Memory));
        await s.UntilAsleep(first);
        ValueTask<SysResult> reading = second.OobReadAsync(fd, new byte[4]);
        await s.UntilAsleep(second);
        Assert.Equal(8, await t.WriteAsync(fd, new byte[8]));
        Assert.Equal(Errno.EIO, (await failing).Errno);
        Assert.Equal(Errno.EIO, (await reading).Errno);
        Assert.Equal(Errno.EIO, (await t.WriteAsync(fd, new byte[1])).Errno);
        Assert.Single(s.Of(MachineEventKind.DeviceFailed));
        Assert.Single(s.Of(MachineEventKind.CallWoken), e => e.Tid == second.Tid);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    [Theory, Trait("Rule", "E-6")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Sleeper_FaultsAreConfiguredMeanwhile_ItsCopyFaultsAsAnyOther(bool writes) => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 4, 4);
        byte[] buffer = writes ? Bytes("WXYZ") : [1, 2, 3, 4];
        if (writes)
            await oob.OobWriteAsync(fd, Bytes("abcd")).OrThrow();
        ValueTask<SysResult> sleeping = writes ? oob.OobWriteAsync(fd, buffer) : oob.OobReadAsync(fd, buffer);
        await s.UntilAsleep(oob);
        s.Machine.Faults.Set(FaultPoint.UserCopy, new FaultAttributes { Probability = 100, TaskFilter = task => task.Tid == oob.Tid });
        if (writes)
            Assert.Equal(4, await t.ReadAsync(fd, new byte[4]));
        else
            Assert.Equal(4, await t.WriteAsync(fd, Bytes("abcd")));
        Assert.Equal(Errno.EFAULT, (await sleeping).Errno);
        s.Machine.Faults.Clear(FaultPoint.UserCopy);
        // What a reader did not get is lost; what a writer did not give reads as zeros.
        byte[] left = new byte[4];
        if (writes)
            Assert.Equal(4, await t.ReadAsync(fd, left));
        else
            Assert.Equal(4, await t.WriteAsync(fd, Bytes("efgh")));
        Assert.Equal(new byte[4], left);
        Assert.Equal(writes ? Bytes("WXYZ") : [1, 2, 3, 4], buffer);
    });

    [Fact, Trait("Rule", "E-3")]
    public Task Read_FaultsAreConfiguredAsItBegins_SleepsAsAnyOther() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd) = await Start(s, 4, 4);
        byte[] buffer = new byte[4];
        // Any thread may configure faults at any time; here it is in the middle of the very turn.
        using IDisposable listening = s.Machine.Events.Subscribe(
            e =>
            {
                if (e.Tid == oob.Tid && e.Nr == SyscallNumber.OobRead)
                    s.Machine.Faults.Set(FaultPoint.UserCopy, new FaultAttributes { Probability = 100, TaskFilter = task => task.Tid == 0 });
            },
            MachineEventKind.CallRouted);
        ValueTask<SysResult> reading = oob.OobReadAsync(fd, buffer);
        await s.UntilAsleep(oob);
        Assert.Equal(4, await t.WriteAsync(fd, Bytes("abcd")));
        Assert.Equal(4, await reading);
        Assert.Equal(Bytes("abcd"), buffer);
        Assert.Empty(s.Of(MachineEventKind.DeviceFailed));
    });

    [Fact, Trait("Rule", "E-8")]
    public Task Write_ManyReadersAsleep_EachIsCompletedInItsOrder() => Play(async s =>
    {
        const int Readers = 200;
        (UserThread t, _, int fd) = await Start(s, 8, 256);
        var buffers = new byte[Readers][];
        var reading = new Task<SysResult>[Readers];
        for (int i = 0; i < Readers; i++)
        {
            UserThread reader = await s.OobThread(t.Process);
            reading[i] = reader.OobReadAsync(fd, buffers[i] = new byte[1]).AsTask();
            await s.UntilAsleep(reader);
        }
        byte[] written = [.. Enumerable.Range(0, Readers).Select(i => (byte)i)];
        Assert.Equal(Readers, await t.WriteAsync(fd, written));
        foreach (SysResult read in await Task.WhenAll(reading))
            Assert.Equal(1, read);
        Assert.Equal(written, buffers.Select(buffer => buffer[0]));
    });

    [Theory, Trait("Rule", "E-3"), Trait("Decision", "Z-12"), Trait("Decision", "Z-23")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Reader_OneOfTwoWritersIsAdmittedWhileItSleeps_GetsNoMoreThanItAskedFor(bool isPlain) => Play(async s =>
    {
        (UserThread t, UserThread writer, int fd) = await Start(s, 8, 0);
        UserThread slow = t.Process.CreateThread();
        UserThread large = await s.OobThread(t.Process);
        await writer.OobWriteAsync(fd, Bytes("abcdefgh")).OrThrow();
        var page = new TaskCompletionSource();
        ValueTask<SysResult> copying = slow.ReadAsync(fd, UserBuffer.StallingUntil(new byte[8], page.Task));
        await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == slow.Tid && e.Nr == SyscallNumber.Read);
        // All of the ring is being copied: there is nothing to read and no space, so all three sleep.
        byte[] buffer = new byte[2];
        ValueTask<SysResult> reading = t.ReadAsync(fd, isPlain ? buffer : UserBuffer.FaultingAt(buffer, 2));
        await s.UntilAsleep(t);
        ValueTask<SysResult> writing = writer.OobWriteAsync(fd, Bytes("ijkl"));
        await s.UntilAsleep(writer);
        ValueTask<SysResult> waiting = large.OobWriteAsync(fd, Bytes("mnopqrst"));
        await s.UntilAsleep(large);
        page.SetResult();
        Assert.Equal(8, await copying);
        Assert.Equal(4, await writing);
        Assert.Equal(2, await reading);
        Assert.Equal(Bytes("ij"), buffer);
        Assert.Equal(Bytes("kl"), await Take(t, fd, 2));
        Assert.Equal(8, await waiting);
        Assert.Empty(s.Of(MachineEventKind.DeviceFailed));
    });

    [Fact, Trait("Rule", "E-12"), Trait("Rule", "E-9")]
    public Task MachineEnds_KernelThreadAsleepAtTheBuffer_FlushedAndItsReferencePut() => Play(
        async s =>
        {
            (UserThread t, UserThread oob, int fd, int dev, TransferDevice device) = await StartTransfers(s, 4);
            await oob.OobIoctlAsync(dev, TransferDevice.StartThread).OrThrow();
            await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == 0);
            await s.Machine.DisposeAsync();
            Assert.Equal(1, device.Written);
            s.AssertSound(everythingClosed: true);
        },
        new EvlMachineOptions { ShutdownGrace = TimeSpan.FromMilliseconds(20) });

    [Theory, Trait("Rule", "E-3"), Trait("Rule", "E-4"), Trait("Rule", "E-8"), Trait("Decision", "Z-12")]
    [InlineData(true)]
    [InlineData(false)]
    public Task SeveralReadersAndWriters_EveryByteOnce_MessagesWhole_NobodyIsLeft(bool inbound)
    {
        ulong seed = 0;
        return Play(async s =>
        {
            const int Writers = 3;
            const int PerWriter = 90;
            var random = new SplitMix(++seed);
            int size = 1 + random.Below(12);
            (UserThread t, UserThread _, int fd) = await Start(s, inbound ? size : 0, inbound ? 0 : size);
            var all = new List<byte>();
            var tasks = new List<Task>();
            int readers = 1 + random.Below(3);
            for (int i = 0; i < readers; i++)
            {
                UserThread reader = inbound ? t.Process.CreateThread() : await s.OobThread(t.Process, 10 + (10 * i));
                tasks.Add(Read(reader, Writers * PerWriter / readers, new SplitMix(random.Next())));
            }
            for (int i = 0; i < Writers; i++)
            {
                UserThread writer = inbound ? await s.OobThread(t.Process, 10 + (10 * i)) : t.Process.CreateThread();
                tasks.Add(Write(writer, (byte)i, new SplitMix(random.Next())));
            }
            await Task.WhenAll(tasks);
            for (byte i = 0; i < Writers; i++)
                Assert.Equal(PerWriter, all.Count(b => b % Writers == i));
            if (readers == 1)
                AssertWhole(all);

            // A byte says its writer, and whether its message goes on.
            async Task Write(UserThread writer, byte tag, SplitMix sizes)
            {
                for (int sent = 0; sent < PerWriter;)
                {
                    byte[] message = new byte[Math.Min(PerWriter - sent, 1 + sizes.Below(size))];
                    Array.Fill(message, (byte)(tag + Writers));
                    message[^1] = tag;
                    Assert.Equal(message.Length, await (inbound ? writer.OobWriteAsync(fd, message) : writer.WriteAsync(fd, message)));
                    sent += message.Length;
                }
            }

            async Task Read(UserThread reader, int quota, SplitMix sizes)
            {
                while (quota > 0)
                {
                    byte[] buffer = new byte[Math.Min(quota, 1 + sizes.Below(size))];
                    int count = (await (inbound ? reader.ReadAsync(fd, buffer) : reader.OobReadAsync(fd, buffer))).OrThrow();
                    Assert.InRange(count, 1, buffer.Length);
                    lock (all)
                        all.AddRange(buffer[..count]);
                    quota -= count;
                }
            }

            static void AssertWhole(List<byte> all)
            {
                for (int i = 0; i < all.Count; i++)
                {
                    if (all[i] >= Writers)
                        Assert.Equal(all[i] - Writers, all[i + 1] % Writers);
                }
            }
        });
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    private static async Task<byte[]> Take(UserThread t, int fd, int count)
    {
        byte[] buffer = new byte[count];
        Assert.Equal(count, await t.ReadAsync(fd, buffer));
        return buffer;
    }

    private static async Task<byte[]> OobTake(UserThread t, int fd, int count)
    {
        byte[] buffer = new byte[count];
        Assert.Equal(count, await t.OobReadAsync(fd, buffer));
        return buffer;
    }

    private static async Task<(UserThread InBand, UserThread Oob, int Fd)> Start(Scenario s, int inbound, int outbound)
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = await s.OobThread(app);
        UserThread inBand = app.CreateThread();
        return (inBand, oob, await inBand.CreateXbufAsync(null, inbound, outbound).OrThrow());
    }

    private static async Task<(UserThread InBand, UserThread Oob, int Fd, int Device, TransferDevice Driver)> StartTransfers(Scenario s, int size)
    {
        var driver = new TransferDevice();
        s.Machine.AddDevice("/dev/transfer", () => driver);
        (UserThread t, UserThread oob, int fd) = await Start(s, size, size);
        int dev = await t.OpenAsync("/dev/transfer").OrThrow();
        await t.IoctlAsync(dev, TransferDevice.Bind, fd).OrThrow();
        return (t, oob, fd, dev, driver);
    }
}
