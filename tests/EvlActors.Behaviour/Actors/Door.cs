using System.Threading.Tasks.Sources;
using EvlActors.Actors;

namespace EvlActors.Behaviour;

/// <summary>A caller whose entries can be awaited, one at a time.</summary>
public sealed class Door(IActorEngine engine) : IValueTaskSource<Question>
{
    private readonly Caller _caller = engine.CreateCaller();
    private Question? _question;
    private short _token;

    /// <summary>Whether the last question was answered.</summary>
    public bool IsAnswered => _caller.IsAnswered;

    /// <summary>Runs code in a turn of an actor, and answers then.</summary>
    public ValueTask<Question> Ask(ActorRef target, Action? action = null, Rank? rank = null) =>
        Enter(target, new Question(_caller, _ => action?.Invoke()), rank ?? Rank.InBand);

    /// <summary>Runs code in a turn of an actor; the code sees to it that the question is answered.</summary>
    public ValueTask<Question> AskLater(ActorRef target, Action<Question> action, Rank? rank = null) =>
        Enter(target, new Question(_caller, action, answersItself: true), rank ?? Rank.InBand);

    /// <summary>As <see cref="Ask"/>, blocking the calling thread.</summary>
    public void AskAndWait(ActorRef target, Action? action = null) =>
        _caller.EnterAndWait(target, new Question(_caller, _ => action?.Invoke()), Rank.InBand);

    Question IValueTaskSource<Question>.GetResult(short token) => _caller.IsAnswered
        ? _question!
        : throw new InvalidOperationException("The question was not answered.");

    ValueTaskSourceStatus IValueTaskSource<Question>.GetStatus(short token) =>
        _caller.IsAnswered ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<Question>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _caller.OnAnswered(continuation, state, flags);

    private ValueTask<Question> Enter(ActorRef target, Question question, Rank rank)
    {
        _caller.Enter(target, question, rank);
        _question = question;
        return new ValueTask<Question>(this, ++_token);
    }
}
