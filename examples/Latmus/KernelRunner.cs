using EvlActors;
using EvlActors.Drivers;

namespace Latmus;

/// <summary>The timer's handler raises a flag; a kernel thread that waits for it stamps.</summary>
internal sealed class KernelRunner : LatmusRunner
{
    private readonly EvlFlag _shot = new();
    private readonly KernelThread _thread;

    internal KernelRunner(LatmusDevice device, LatmusSetup setup, LatmusJob job)
        : base(device, setup, job) =>
        _thread = device.NewThread("latmus-kthread", setup.Priority, Serve);

    internal override async IoTask Destroy(IoContext context)
    {
        await base.Destroy(context);
        _shot.Flush();
        return await _thread.Stop(context);
    }

    protected override IoTask Respond(InterruptContext interrupt)
    {
        _shot.Raise();
        return SysResult.Ok();
    }

    protected override void RoundEnded() => _shot.Clear();

    private async IoTask Serve(KernelThread self)
    {
        while (!self.ShouldStop)
        {
            if (await _shot.Wait(self) is { IsError: true } ended)
                return ended;
            await Answer(self, NowNs);
        }
        return 0;
    }
}
