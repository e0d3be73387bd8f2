using EvlActors.Drivers;

namespace EvlActors.TestKit.Tests;

/// <summary>Begins something for its caller and stores its number in the caller's memory, correct but for the defect.</summary>
internal sealed class OpenerDevice(OpenerDefect defect) : CharDevice
{
    internal const uint Begin = 1;
    internal const uint End = 2;

    private readonly WaitQueue _work = new();
    private KernelThread? _thread;

    protected internal override async IoTask Ioctl(IoCall call)
    {
        if (call.Command == End)
            return await _thread!.Stop(call);
        if (defect == OpenerDefect.DescriptorKept)
        {
            SysResult made = await call.InstallFile(call.NewFile());
            SysResult stored = await call.PutUser((int)made.Value);
            _thread = RunKernelThread("opener", 1, Work);
            return stored.IsError ? stored : await _thread.Started(call);
        }
        _thread = RunKernelThread("opener", 1, Work);
        await _thread.Started(call);
        SysResult told = await call.PutUser(1);
        if (told.IsError && defect == OpenerDefect.None)
            await _thread.Stop(call);
        return told;
    }

    private async IoTask Work(KernelThread thread)
    {
        while (!thread.ShouldStop)
            await _work.Wait(thread);
        return 0;
    }
}
