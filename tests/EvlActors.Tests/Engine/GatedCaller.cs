using System.Threading.Tasks.Sources;
using EvlActors.Actors;

namespace EvlActors.Tests.Engine;

/// <summary>A caller whose thread a test can hold up when it comes back from an entry, before it takes the answer.</summary>
internal sealed class GatedCaller(GatedEngine engine, Caller caller) : Caller
{
    public override bool IsAnswered => caller.IsAnswered;

    public override void Enter(ActorRef target, Message message, Rank rank)
    {
        caller.Enter(target, message, rank);
        engine.Entered();
    }

    public override void EnterAndWait(ActorRef target, Message message, Rank rank)
    {
        caller.EnterAndWait(target, message, rank);
        engine.Entered();
    }

    public override void Answer() => caller.Answer();

    public override void OnAnswered(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags) =>
        caller.OnAnswered(continuation, state, flags);
}
