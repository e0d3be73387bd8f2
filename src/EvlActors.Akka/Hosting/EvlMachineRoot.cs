namespace EvlActors.Akka.Hosting;

/// <summary>
/// The key of a machine in the ActorRegistry: the actor above all of its actors, to be watched. <see cref="AkkaMachine.Find"/>
/// gives the machine itself.
/// </summary>
public sealed class EvlMachineRoot
{
    private EvlMachineRoot()
    {
    }
}
