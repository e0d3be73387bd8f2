using System.Text;
using Akka.Actor;
using EvlActors;
using EvlActors.Akka.Devices;

namespace AkkaHost;

/// <summary>A device that is an actor: each of the machine's operations is a message, and its answer is a reply.</summary>
internal sealed class Thermometer : ReceiveActor
{
    public Thermometer()
    {
        Receive<DeviceOpen>(_ => Sender.Tell(DeviceReply.Ok()));
        Receive<DeviceRead>(_ => Sender.Tell(DeviceReply.Bytes(Encoding.UTF8.GetBytes("21.5"))));
        Receive<DeviceRelease>(_ => Sender.Tell(DeviceReply.Ok()));
        Receive<DeviceRequest>(_ => Sender.Tell(DeviceReply.Error(Errno.EINVAL)));
    }
}
