namespace EvlActors.Akka.Hosting;

/// <summary>
/// The key of a machine's router in the ActorRegistry: ask for <c>IRequiredActor&lt;EvlRouter&gt;</c>. With several machines,
/// the first has this key and the others keys of yours.
/// </summary>
public sealed class EvlRouter
{
    private EvlRouter()
    {
    }
}
