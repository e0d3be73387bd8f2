using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Sleeping where nobody may: told as what it is, with the handler and what it held.</summary>
public abstract class AtomicTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Theory, Trait("Case", "C217"), Trait("Rule", "G-3")]
    [InlineData(AtomicDevice.Spin, AtomicDevice.HeadWait, false, "Ioctl", "it held: the device's lock")]
    [InlineData(AtomicDevice.Seq, AtomicDevice.HeadWait, false, "Ioctl", "it held: seqlock")]
    [InlineData(AtomicDevice.Rcu, AtomicDevice.HeadWait, false, "Ioctl", "it held: the RCU read side")]
    [InlineData(AtomicDevice.Irqs, AtomicDevice.HeadWait, false, "Ioctl", "it held: disabled interrupts")]
    [InlineData(AtomicDevice.SpinInIrqs, AtomicDevice.HeadWait, false, "Ioctl", "it held: disabled interrupts, the device's lock")]
    [InlineData(AtomicDevice.Spin, AtomicDevice.CoreWait, true, "OobIoctl", "it held: the device's lock")]
    [InlineData(AtomicDevice.Seq, AtomicDevice.CoreWait, true, "OobIoctl", "it held: seqlock")]
    [InlineData(AtomicDevice.Rcu, AtomicDevice.Semaphore, true, "OobIoctl", "it held: the RCU read side")]
    [InlineData(AtomicDevice.Irqs, AtomicDevice.Flag, true, "OobIoctl", "it held: disabled interrupts")]
    [InlineData(AtomicDevice.Spin, AtomicDevice.Foreign, false, "Ioctl", "it held: the device's lock")]
    [InlineData(AtomicDevice.Rcu, AtomicDevice.Manual, false, "Ioctl", "it held: the RCU read side")]
    public Task Sleep_InAnAtomicSection_NamedAndDeviceFails(uint section, uint sleep, bool outOfBand, string handler, string held) => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        uint command = section | sleep;
        SysResult result = outOfBand ? await t.OobIoctlAsync(fd, command) : await t.IoctlAsync(fd, command);
        Assert.Equal(Errno.EIO, result.Errno);
        MachineEvent failed = Assert.Single(s.Of(MachineEventKind.DeviceFailed));
        Assert.Contains($"/dev/atomic: {handler} slept in an atomic section; {held}.", failed.Detail, StringComparison.Ordinal);
    });

    [Theory, Trait("Rule", "G-3")]
    [InlineData(1, false, "CopyToUser")]
    [InlineData(2, false, "CopyFromUser")]
    [InlineData(3, false, "PutUser")]
    [InlineData(4, false, "GetUser")]
    [InlineData(5, false, "wait_event")]
    [InlineData(6, true, "EvlSemaphore.Down")]
    [InlineData(7, true, "EvlFlag.Wait")]
    [InlineData(8, true, "WaitQueue.WaitEvent")]
    [InlineData(9, true, "EvlStax.Lock")]
    public Task ServiceThatMaySleep_InAnAtomicSection_NamedThoughItNeedNotSleep(uint service, bool outOfBand, string name) => Play(async s =>
    {
        (_, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var guard = new Drivers.SpinLock();
        var flag = new EvlFlag();
        async IoTask Hold(IoCall call)
        {
            using (guard.Lock(call))
                return await Use(call);
        }

        async IoTask Use(IoCall call)
        {
            flag.Raise();
            switch (call.Command)
            {
                case 1: return await call.CopyToUser(new byte[1]);
                case 2: return await call.CopyFromUser(new byte[1]);
                case 3: return await call.PutUser((byte)1);
                case 4: return await call.GetUser<byte>() is null ? Errno.EFAULT : 0;
                case 5: return await new WaitQueueHead().WaitEvent(call, () => true);
                case 6: return await new EvlSemaphore(1).Down(call);
                case 7: return await flag.Wait(call);
                case 8: return await new WaitQueue().WaitEvent(call, () => true);
                default: return await new EvlStax().Lock(call);
            }
        }

        device.InBand[service] = Use;
        byte[] memory = new byte[1];
        SysResult unguarded = outOfBand ? await oob.OobIoctlAsync(fd, service, memory) : await oob.IoctlAsync(fd, service, memory);
        Assert.Equal(SysResult.Ok(), unguarded);
        device.InBand[service] = Hold;
        SysResult guarded = outOfBand ? await oob.OobIoctlAsync(fd, service, memory) : await oob.IoctlAsync(fd, service, memory);
        Assert.Equal(Errno.EIO, guarded.Errno);
        Assert.Contains($"slept in an atomic section; it held: spinlock. End the section first: {name} may sleep.",
            Assert.Single(s.Of(MachineEventKind.DeviceFailed)).Detail, StringComparison.Ordinal);
    });

    [Fact, Trait("Rule", "G-3")]
    public Task Sleep_InAKernelThreadThatHolds_TheThreadIsNamed() => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        await t.IoctlAsync(fd, AtomicDevice.StartThread).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.DeviceFailed);
        Assert.Contains("kernel thread holder slept in an atomic section; it held: the device's lock.",
            Assert.Single(s.Of(MachineEventKind.DeviceFailed)).Detail, StringComparison.Ordinal);
    });

    [Theory, Trait("Rule", "G-3")]
    [InlineData(AtomicDevice.Spin)]
    [InlineData(AtomicDevice.Seq)]
    [InlineData(AtomicDevice.Rcu)]
    [InlineData(AtomicDevice.Irqs)]
    [InlineData(AtomicDevice.SpinInIrqs)]
    public Task Sleep_AfterTheSection_Sleeps(uint section) => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        ValueTask<SysResult> sleeping = t.IoctlAsync(fd, section | AtomicDevice.After);
        await s.UntilAsleep(t);
        UserThread waker = t.Process.CreateThread();
        await waker.IoctlAsync(fd, AtomicDevice.Wake).OrThrow();
        Assert.Equal(SysResult.Ok(), await sleeping);
        Assert.Empty(s.Of(MachineEventKind.DeviceFailed));
    });

    private static async Task<(UserThread Thread, int Fd)> Open(Scenario s)
    {
        s.Machine.AddDevice("/dev/atomic", () => new AtomicDevice());
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        return (t, await t.OpenAsync("/dev/atomic").OrThrow());
    }

    private sealed class AtomicDevice : CharDevice
    {
        internal const uint Spin = 0x10, Seq = 0x20, Rcu = 0x30, Irqs = 0x40, SpinInIrqs = 0x50;
        internal const uint HeadWait = 1, CoreWait = 2, Semaphore = 3, Flag = 4, Foreign = 5, Manual = 6, After = 7;
        internal const uint StartThread = 8, Wake = 9;
        private const uint Sections = 0xf0;

        private readonly Drivers.SpinLock _lock = new("the device's lock");
        private readonly SeqLock _seq = new();
        private readonly WaitQueueHead _head = new();
        private readonly WaitQueue _core = new();
        private readonly EvlSemaphore _semaphore = new();
        private readonly EvlFlag _flag = new();
        private readonly TaskCompletionSource _never = new();
        private bool _isWoken;

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override IoTask Ioctl(IoCall call) => call.Command switch
        {
            StartThread => Start(),
            Wake => WakeUp(),
            _ => Hold(call),
        };

        protected internal override IoTask OobIoctl(IoCall call) => Hold(call);

        private async IoTask Hold(IoCall call)
        {
            uint sleep = call.Command & ~Sections;
            using (AtomicSection irqs = (call.Command & Sections) == SpinInIrqs ? IrqsOff.Enter(call) : Enter(call))
            {
                if ((call.Command & Sections) == SpinInIrqs)
                {
                    using (_lock.Lock(call))
                    {
                        if (sleep != After)
                            return await Sleep(call, sleep);
                    }
                }
                if (sleep != After)
                    return await Sleep(call, sleep);
            }
            return await _head.WaitEvent(call, () => _isWoken);
        }

        private AtomicSection Enter(IoCall call) => (call.Command & Sections) switch
        {
            Spin => _lock.Lock(call),
            Seq => _seq.Write(call),
            Rcu => RcuReadLock.Enter(call),
            _ => IrqsOff.Enter(call),
        };

        private async IoTask Sleep(IoCall call, uint sleep)
        {
            switch (sleep)
            {
                case HeadWait:
                    return await _head.WaitEventInterruptible(call, () => false);
                case CoreWait:
                    return await _core.Wait(call);
                case Semaphore:
                    return await _semaphore.Down(call);
                case Flag:
                    return await _flag.Wait(call);
                case Manual:
                    var wait = new WaitQueueEntry(call);
                    _head.PrepareToWait(wait);
                    return await wait.Schedule();
                default:
                    await _never.Task;
                    return 0;
            }
        }

        private IoTask Start()
        {
            RunKernelThread("holder", 10, async self =>
            {
                using (_lock.Lock(self))
                    return await _core.Wait(self);
            });
            return SysResult.Ok();
        }

        private IoTask WakeUp()
        {
            _isWoken = true;
            _head.WakeUp();
            return SysResult.Ok();
        }
    }
}
