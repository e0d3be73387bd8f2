using Akka.Actor;
using EvlActors.Drivers;

namespace EvlActors.Akka.Devices;

/// <summary>An Akka actor that has the out-of-band operations too.</summary>
internal sealed class OobActorDevice(IActorRef actor, TimeSpan answerTimeout) : ActorDevice(actor, answerTimeout)
{
    protected internal override IoTask OobRead(IoCall call) => ReadOn(call, isOob: true);

    protected internal override IoTask OobWrite(IoCall call) => WriteOn(call, isOob: true);

    protected internal override IoTask OobIoctl(IoCall call) => IoctlOn(call, isOob: true);

    protected override void Prepare(EvlFile file) => file.OpenOob();
}
