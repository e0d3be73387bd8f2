using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>
/// A driver for close against everything: each open file has a gate where readers of either stage sleep until an item is written
/// to that file. What it does at flush and release is chosen by the test.
/// </summary>
internal sealed class GatedDevice : CharDevice
{
    /// <summary>ioctl: an item for every open file of the device.</summary>
    internal const uint GiveAll = 1;

    /// <summary>oob_ioctl: runs, without sleeping on anything of the driver, until <see cref="Busy"/> completes.</summary>
    internal const uint StayBusy = 2;

    /// <summary>oob_ioctl: sleeps where only an item ends it.</summary>
    internal const uint SleepDeep = 3;

    private readonly List<Gate> _gates = [];

    /// <summary>Whether release wakes the file's sleepers, as a driver should.</summary>
    internal bool Flushes { get; init; } = true;

    /// <summary>What flush answers.</summary>
    internal Errno FlushAnswer { get; init; }

    /// <summary>What <see cref="StayBusy"/> waits for.</summary>
    internal Task Busy { get; init; } = Task.CompletedTask;

    /// <summary>Handlers that were still inside when their file was dismantled.</summary>
    internal int Overrun { get; private set; }

    /// <summary>Files that were dismantled.</summary>
    internal int Dismantled { get; private set; }

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        var gate = new Gate();
        call.File.PrivateData = gate;
        _gates.Add(gate);
        return SysResult.Ok();
    }

    protected internal override IoTask Flush(IoCall call) => SysResult.Error(FlushAnswer);

    protected internal override async IoTask Release(IoCall call)
    {
        Gate gate = GateOf(call);
        if (Flushes)
            gate.OobReaders.Flush();
        await call.File.ReleaseOob();
        if (gate.OobInside > 0)
            Overrun++;
        Dismantled++;
        _gates.Remove(gate);
        return 0;
    }

    protected internal override IoTask Read(IoCall call) => Take(call, GateOf(call), GateOf(call).Readers);

    protected internal override IoTask Write(IoCall call) => Give(GateOf(call));

    protected internal override IoTask OobRead(IoCall call) => Inside(call, Take(call, GateOf(call), GateOf(call).OobReaders));

    protected internal override IoTask OobWrite(IoCall call) => Give(GateOf(call));

    protected internal override IoTask Ioctl(IoCall call)
    {
        if (call.Command != GiveAll)
            return SysResult.Error(Errno.ENOTTY);
        foreach (Gate gate in _gates)
            Give(gate);
        return SysResult.Ok(_gates.Count);
    }

    protected internal override IoTask OobIoctl(IoCall call) => call.Command switch
    {
        StayBusy => Inside(call, UntilBusyEnds()),
        SleepDeep => Inside(call, Sleep(call, GateOf(call))),
        _ => SysResult.Error(Errno.ENOTTY),
    };

    private static Gate GateOf(IoCall call) => (Gate)call.File.PrivateData!; // set by open

    private static SysResult Give(Gate gate)
    {
        gate.Items++;
        gate.OobReaders.WakeAll();
        gate.Readers.WakeAll();
        return 1;
    }

    private static async IoTask Take(IoCall call, Gate gate, WaitQueue queue)
    {
        while (gate.Items == 0)
        {
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await queue.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        gate.Items--;
        return 1;
    }

    private static async IoTask Sleep(IoCall call, Gate gate)
    {
        while (gate.Items == 0)
        {
            if (await gate.OobReaders.WaitUninterruptible(call) is { IsError: true } ended)
                return ended;
        }
        gate.Items--;
        return 0;
    }

    private static async IoTask Inside(IoCall call, IoTask handler)
    {
        Gate gate = GateOf(call);
        gate.OobInside++;
        try
        {
            return await handler;
        }
        finally
        {
            gate.OobInside--;
        }
    }

    private async IoTask UntilBusyEnds()
    {
        await Busy;
        return 0;
    }

    private sealed class Gate
    {
        internal int Items;
        internal int OobInside;
        internal WaitQueue OobReaders { get; } = new();
        internal WaitQueue Readers { get; } = new(WaitOrder.Fifo);
    }
}
