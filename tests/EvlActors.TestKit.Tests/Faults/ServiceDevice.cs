using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace EvlActors.TestKit.Tests;

/// <summary>Uses what the machine offers to drivers: made files, kernel threads, timers, notification, mapped memory, cross-buffers.</summary>
internal sealed class ServiceDevice : CharDevice
{
    internal const uint MakeFile = 1;
    internal const uint StartWorker = 2;
    internal const uint StopWorker = 3;
    internal const uint Tick = 4;
    internal const uint Forward = 5;

    private readonly FasyncList _listeners = new();
    private readonly WaitQueue _work = new();
    private readonly WaitQueue _ticks = new();
    private KernelThread? _worker;
    private int _done;
    private bool _hasTicked;

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override IoTask Fasync(IoCall call) => _listeners.FasyncHelper(call.Fd, call.File, call.AsyncOn);

    protected internal override IoTask Mmap(IoCall call)
    {
        call.Map(new byte[EvlMapping.PageBytes]);
        return SysResult.Ok();
    }

    protected internal override IoTask VmOpen(IoCall call) => SysResult.Ok();

    protected internal override IoTask VmClose(IoCall call) => SysResult.Ok();

    protected internal override IoTask Write(IoCall call)
    {
        _done++;
        _work.WakeAll();
        _listeners.KillFasync(Signal.SIGIO, PollCode.In);
        return SysResult.Ok(call.Count);
    }

    protected internal override async IoTask Ioctl(IoCall call)
    {
        switch (call.Command)
        {
            case MakeFile:
                EvlFile made = call.NewFile(new PostDevice());
                made.OpenOob();
                return await call.InstallFile(made);
            case StartWorker:
                _worker = RunKernelThread("worker", 40, Work);
                return await _worker.Started(call);
            case StopWorker:
                return _worker is null ? Errno.EINVAL : await _worker.Stop(call);
            default:
                return Errno.ENOTTY;
        }
    }

    protected internal override async IoTask OobIoctl(IoCall call)
    {
        if (call.Command == Forward)
        {
            using XbufReference? xbuf = await XbufReference.Get(call, (int)call.Argument);
            return xbuf is null ? Errno.EBADF : await xbuf.Write(call, new byte[2]);
        }
        _hasTicked = false;
        EvlTimer timer = CreateTimer(_ =>
        {
            _hasTicked = true;
            _ticks.WakeAll();
            return SysResult.Ok();
        });
        timer.Start(MonotonicNs + 1_000);
        SysResult ticked = 0;
        while (!_hasTicked && !ticked.IsError)
            ticked = await _ticks.Wait(call);
        timer.Destroy();
        return ticked.IsError ? ticked : 0;
    }

    protected internal override async IoTask Release(IoCall call)
    {
        _ticks.Flush();
        await call.File.ReleaseOob();
        if (_worker is { HasEnded: false })
            await _worker.Stop(call);
        return 0;
    }

    private async IoTask Work(KernelThread thread)
    {
        while (!thread.ShouldStop && _done < 2)
        {
            if (await _work.Wait(thread) is { IsError: true } interrupted)
                return interrupted;
        }
        return _done;
    }
}
