using EvlActors.Calls;
using EvlActors.Drivers;
using EvlActors.Monitors;
using EvlActors.Xbufs;

namespace EvlActors.InBand;

/// <summary>The calls that make EVL elements, each with its first file. What is tested comes before the name: process, then arguments.</summary>
internal sealed class ElementMaker(MachineContext context, ElementRegistry elements, FileOpener opener)
{
    /// <summary>Makes a cross-buffer, a semaphore or a group of flags.</summary>
    internal void Create(Call call)
    {
        if (!call.Thread.Process.IsInitialised)
            call.Return(Errno.ENXIO);
        else if (((OpenFlags)call.Argument & ~OpenFlags.NonBlock) != 0)
            call.Return(Errno.EINVAL);
        else if (call.Nr == SyscallNumber.CreateXbuf)
            CreateXbuf(call);
        else
            CreateMonitor(call);
    }

    /// <summary>Makes the element of a thread that attaches, which initialises its process.</summary>
    internal void Attach(Call call)
    {
        call.Thread.Process.IsInitialised = true;
        Make(
            call, ElementRegistry.ThreadClass, new ThreadElement(call.Thread, (int)call.Argument3), DeviceTraits.Element | DeviceTraits.Pinned,
            pinnedBy: call.Thread);
    }

    private void CreateXbuf(Call call)
    {
        long inbound = call.Argument2;
        long outbound = call.Argument3;
        if ((inbound | outbound) == 0 || inbound > XbufDevice.MaxRingBytes || outbound > XbufDevice.MaxRingBytes || inbound < 0 || outbound < 0)
        {
            call.Return(Errno.EINVAL);
            return;
        }
        if (context.ShouldFail(FaultPoint.Allocation, call, "the rings", inbound + outbound))
        {
            call.Return(Errno.ENOMEM);
            return;
        }
        XbufDevice driver;
        try
        {
            driver = new XbufDevice((int)inbound, (int)outbound);
        }
        catch (OutOfMemoryException)
        {
            call.Return(Errno.ENOMEM);
            return;
        }
        Make(call, "xbuf", driver, DeviceTraits.Element | DeviceTraits.Xbuf, pinnedBy: null);
    }

    private void CreateMonitor(Call call)
    {
        var value = (int)call.Argument2;
        bool isSem = call.Nr == SyscallNumber.CreateSem;
        if (isSem && value < 0)
            call.Return(Errno.EINVAL);
        else
            Make(call, MonitorDevice.Class, isSem ? new SemDevice(value) : new FlagsDevice(value), DeviceTraits.Element, pinnedBy: null);
    }

    private void Make(Call call, string @class, CharDevice driver, DeviceTraits traits, ThreadInfo? pinnedBy)
    {
        if (context.ShouldFail(FaultPoint.Allocation, call, "an element"))
        {
            call.Return(Errno.ENOMEM);
            return;
        }
        Errno refused = elements.Create(@class, (string?)call.Object, driver, traits, pinnedBy, out Element? element);
        if (refused != Errno.None)
        {
            call.Return(refused);
            return;
        }
        call.Object = element;
        opener.Reserve(call);
    }
}
