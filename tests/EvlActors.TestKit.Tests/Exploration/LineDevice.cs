using EvlActors.Drivers;

namespace EvlActors.TestKit.Tests;

/// <summary>A line of bytes with sleeping readers, correct but for the defect that is planted in it.</summary>
internal sealed class LineDevice(Defect defect = Defect.None) : CharDevice
{
    private readonly WaitQueue _readers = new();
    private int _bytes;

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override async IoTask OobRead(IoCall call)
    {
        while (_bytes == 0)
        {
            if (defect == Defect.LostWakeUp)
                (await call.GetFile(call.Fd))?.Dispose();
            if (await _readers.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        _bytes--;
        return 1;
    }

    protected internal override IoTask OobWrite(IoCall call)
    {
        _bytes++;
        _readers.WakeAll();
        return SysResult.Ok(1);
    }

    protected internal override async IoTask Release(IoCall call)
    {
        if (defect != Defect.SleepersForgotten)
            _readers.Flush();
        if (defect != Defect.DismantledEarly)
            await call.File.ReleaseOob();
        return 0;
    }
}
