using Akka.Actor;

namespace EvlActors.Akka.Devices;

/// <summary>Akka actors as devices of a machine.</summary>
public static class ActorDeviceExtensions
{
    /// <summary>
    /// Adds a device node that is an actor of yours: it gets a <see cref="DeviceRequest"/> for each operation and answers with a
    /// <see cref="DeviceReply"/>. When the actor has stopped, calls answer EIO. The machine may run on any engine.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="path">The node, such as "/dev/sensor".</param>
    /// <param name="actor">The actor.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or has an empty component.</exception>
    /// <exception cref="InvalidOperationException">There is a node at this path already.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed of.</exception>
    public static void AddDevice(this EvlMachine machine, string path, IActorRef actor, ActorDeviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(actor);
        options ??= new ActorDeviceOptions();
        if (options.IsOob)
            machine.AddDevice(path, () => new OobActorDevice(actor, options.AnswerTimeout), access: options.Access);
        else
            machine.AddDevice(path, () => new ActorDevice(actor, options.AnswerTimeout), access: options.Access);
    }
}
