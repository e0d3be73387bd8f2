using System.Runtime.InteropServices;

namespace EvlActors.Behaviour.Posix;

/// <summary>
/// The calls of the host's kernel. Its numbers from 700 up belong to one script at a time: the runtime's own files stay far below.
/// </summary>
internal sealed unsafe class HostPosix : IPosix, IDisposable
{
    private const int RlimitNofile = 7;
    private const int MapShared = 1;

    // glibc's sigset_t.
    private const int SigsetWords = 16;
    private const int SiginfoBytes = 128;
    private const int SigBlock = 0;
    private const int SigUnblock = 1;

    private ulong _blocked;

    // A struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int _dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public int MaxFiles
    {
        get
        {
            ulong* limit = stackalloc ulong[2];
            if (LibC.Getrlimit(RlimitNofile, limit) != 0)
                throw new InvalidOperationException("getrlimit failed.");
            return (int)Math.Min(limit[0], int.MaxValue);
        }
    }

    public ValueTask<(int Read, int Write)> Pipe(int from, OpenFlags flags)
    {
        int* ends = stackalloc int[2];
        Expect(LibC.Pipe2(ends, (int)flags));
        return new((Move(ends[0], from), Move(ends[1], from)));
    }

    public ValueTask<int> Open(int from, string path, OpenFlags flags) => new(Move(Expect(LibC.Open(path, (int)flags)), from));

    public ValueTask<SysResult> Close(int fd) => Result(LibC.Close(fd));

    public ValueTask<SysResult> CloseRange(uint first, uint last, CloseRangeFlags flags) => Result(LibC.CloseRange(first, last, (int)flags));

    public ValueTask<SysResult> Read(int fd, byte[]? buffer)
    {
        fixed (byte* p = buffer)
            return Result(LibC.Read(fd, p, (nuint)(buffer?.Length ?? 1)));
    }

    public ValueTask<SysResult> Write(int fd, byte[]? bytes)
    {
        fixed (byte* p = bytes)
            return Result(LibC.Write(fd, p, (nuint)(bytes?.Length ?? 1)));
    }

    public ValueTask<SysResult> Pread(int fd, byte[] buffer, long offset)
    {
        fixed (byte* p = buffer)
            return Result(LibC.Pread(fd, p, (nuint)buffer.Length, offset));
    }

    public ValueTask<SysResult> Pwrite(int fd, byte[] bytes, long offset)
    {
        fixed (byte* p = bytes)
            return Result(LibC.Pwrite(fd, p, (nuint)bytes.Length, offset));
    }

    public ValueTask<SysResult> Lseek(int fd, long offset, int whence) => Result(LibC.Lseek(fd, offset, whence));

    public ValueTask<SysResult> Fsync(int fd) => Result(LibC.Fsync(fd));

    public ValueTask<SysResult> Dup2(int oldFd, int newFd) => Result(LibC.Dup2(oldFd, newFd));

    public ValueTask<SysResult> Dup3(int oldFd, int newFd, OpenFlags flags) => Result(LibC.Dup3(oldFd, newFd, (int)flags));

    public ValueTask<SysResult> Fcntl(int fd, FcntlCommand command, long argument) =>
        Result(LibC.Fcntl(fd, (int)command, (nint)argument));

    public (int Tid, int Pid) Self => (LibC.Gettid(), LibC.Getpid());

    public ValueTask<(SysResult Result, FileOwner Owner)> FcntlOwner(int fd, FcntlCommand command, FileOwner owner)
    {
        Span<byte> data = stackalloc byte[FileOwner.Bytes];
        owner.WriteTo(data);
        fixed (byte* p = data)
        {
            SysResult result = Outcome(LibC.Fcntl(fd, (int)command, (nint)p));
            return new((result, FileOwner.ReadFrom(data)));
        }
    }

    public ValueTask Block(params Signal[] signals)
    {
        ulong bits = SigSet.Of(signals).Bits & ~_blocked;
        _blocked |= bits;
        Mask(SigBlock, bits);
        return default;
    }

    public ValueTask<IReadOnlyList<SigInfo>> Take()
    {
        List<SigInfo> taken = [];
        ulong* set = stackalloc ulong[SigsetWords];
        new Span<ulong>(set, SigsetWords).Clear();
        set[0] = _blocked;
        byte* info = stackalloc byte[SiginfoBytes];
        long* none = stackalloc long[2];
        none[0] = none[1] = 0;
        while (_blocked != 0 && LibC.Sigtimedwait(set, info, none) is var signal and > 0)
        {
            // si_code; si_band and si_fd of a signal that tells of a file.
            int code = *(int*)(info + 8);
            taken.Add(code == (int)SigCode.Kernel
                ? new SigInfo((Signal)signal, (SigCode)code)
                : new SigInfo((Signal)signal, (SigCode)code) { Band = *(long*)(info + 16), Fd = *(int*)(info + 24) });
        }
        return new(taken);
    }

    /// <summary>Unblocks what was blocked, on the thread that blocked it, after its files are closed.</summary>
    public void Dispose()
    {
        Take().AsTask().GetAwaiter().GetResult();
        Mask(SigUnblock, _blocked);
    }

    public ValueTask<SysResult> Ioctl(int fd, uint command, int? argument)
    {
        int value = argument ?? 0;
        return Result(LibC.Ioctl(fd, command, argument is null ? null : &value));
    }

    public ValueTask<Errno> Mmap(int fd, int length, MapProtection protection)
    {
        nint address = LibC.Mmap(0, (nuint)length, (int)protection, MapShared, fd, 0);
        if (address == -1)
            return new((Errno)Marshal.GetLastPInvokeError());
        Expect(LibC.Munmap(address, (nuint)length));
        return new(Errno.None);
    }

    public ValueTask<SysResult> Poll(PollFd[]? fds, int timeoutMs, long count)
    {
        if (fds is null)
            return Result(LibC.Poll(null, (nuint)count, timeoutMs));
        // struct pollfd: int fd; short events; short revents.
        Span<short> raw = new short[(fds.Length * 4) + 4];
        for (int i = 0; i < fds.Length; i++)
        {
            MemoryMarshal.Cast<short, int>(raw)[i * 2] = fds[i].Fd;
            raw[(i * 4) + 2] = (short)fds[i].Events;
            raw[(i * 4) + 3] = (short)fds[i].Revents;
        }
        ValueTask<SysResult> result;
        fixed (short* p = raw)
            result = Result(LibC.Poll(p, (nuint)(count < 0 ? fds.Length : count), timeoutMs));
        for (int i = 0; i < fds.Length; i++)
        {
            fds[i].Events = (PollEvents)raw[(i * 4) + 2];
            fds[i].Revents = (PollEvents)(ushort)raw[(i * 4) + 3];
        }
        return result;
    }

    public ValueTask<SysResult> Select(int nfds, FdSet? read, FdSet? write, FdSet? except, bool negativeTimeout)
    {
        ulong[]? r = Bits(read), w = Bits(write), e = Bits(except);
        long* timeout = stackalloc long[2];
        timeout[0] = negativeTimeout ? -1 : 0;
        timeout[1] = 0;
        SysResult result;
        fixed (ulong* rp = r, wp = w, ep = e)
            result = Outcome(LibC.Select(nfds, rp, wp, ep, timeout));
        if (result.IsSuccess)
        {
            Fill(read, r);
            Fill(write, w);
            Fill(except, e);
        }
        return new(result);
    }

    public ValueTask<int> Epoll(int from) => new(Move(Expect(LibC.EpollCreate1(0)), from));

    public ValueTask<SysResult> EpollCtl(int epfd, EpollOp op, int fd, EpollEvent? @event)
    {
        byte* raw = stackalloc byte[16];
        if (@event is EpollEvent e)
        {
            *(uint*)raw = (uint)e.Events;
            *(long*)(raw + _dataOffset) = e.Data;
        }
        return Result(LibC.EpollCtl(epfd, (int)op, fd, @event is null ? null : raw));
    }

    public ValueTask<SysResult> EpollWait(int epfd, EpollEvent[]? events, int maxEvents)
    {
        if (events is null)
            return Result(LibC.EpollWait(epfd, null, maxEvents, 0));
        int size = _dataOffset + 8;
        byte[] raw = new byte[Math.Max(1, events.Length) * size];
        SysResult result;
        fixed (byte* p = raw)
            result = Outcome(LibC.EpollWait(epfd, p, maxEvents, 0));
        for (int i = 0; i < result.Value; i++)
        {
            Span<byte> one = raw.AsSpan(i * size);
            events[i] = new EpollEvent(
                (PollEvents)MemoryMarshal.Read<uint>(one), MemoryMarshal.Read<long>(one[_dataOffset..]));
        }
        return new(result);
    }

    private static void Mask(int how, ulong bits)
    {
        ulong* set = stackalloc ulong[SigsetWords];
        new Span<ulong>(set, SigsetWords).Clear();
        set[0] = bits;
        Expect(LibC.PthreadSigmask(how, set, null));
    }

    private static ulong[]? Bits(FdSet? set)
    {
        if (set is null)
            return null;
        ulong[] bits = new ulong[16];
        for (int fd = 0; fd < bits.Length * 64; fd++)
        {
            if (set.IsSet(fd))
                bits[fd >> 6] |= 1ul << fd;
        }
        return bits;
    }

    private static void Fill(FdSet? set, ulong[]? bits)
    {
        for (int fd = 0; set is not null && fd < bits!.Length * 64; fd++)
        {
            if ((bits[fd >> 6] & (1ul << fd)) == 0)
                set.Clear(fd);
            else
                set.Set(fd);
        }
    }

    private static int Move(int fd, int from)
    {
        int moved = Expect(LibC.Fcntl(fd, (int)FcntlCommand.DupFd, from));
        Expect(LibC.Close(fd));
        return moved;
    }

    private static int Expect(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"The host's kernel refused: {(Errno)Marshal.GetLastPInvokeError()}.");

    private static ValueTask<SysResult> Result(long result) => new(Outcome(result));

    private static SysResult Outcome(long result) =>
        result < 0 ? SysResult.Error((Errno)Marshal.GetLastPInvokeError()) : SysResult.Ok(result);
}
