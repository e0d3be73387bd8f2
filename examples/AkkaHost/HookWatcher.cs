using Akka.Actor;
using EvlActors;
using EvlActors.Akka;

namespace AkkaHost;

/// <summary>Prints what Dovetail's hooks see and what fails, from the EventStream.</summary>
internal sealed class HookWatcher : ReceiveActor
{
    public HookWatcher() => Receive<EvlEvent>(Print);

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(EvlEvent));

    private static void Print(EvlEvent happened)
    {
        MachineEvent e = happened.Event;
        switch (e.Kind)
        {
            case MachineEventKind.HookInstall or MachineEventKind.HookUninstall:
                Console.WriteLine($"  {happened.Machine}: {e.Kind} fd {e.Fd}, file {e.File}");
                break;
            case MachineEventKind.DeviceFailed:
                Console.WriteLine($"  {happened.Machine}: {e.Kind} {e.Detail}");
                break;
        }
    }
}
