using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// Asks the in-band stage to send a signal that no system call of a thread sends: an owner of the machine's,
/// EVL's own. Head-ranked.
/// </summary>
internal sealed class SendSignal(SignalTarget to, int id, SigInfo info) : Message
{
    internal SignalTarget To { get; } = to;

    /// <summary>The number of the thread, process or group.</summary>
    internal int Id { get; } = id;

    internal SigInfo Info { get; } = info;

    /// <summary>On whose behalf: its permissions are tested; null: the machine's, which may.</summary>
    internal Credentials? Sender { get; init; }

    /// <summary>Who waits for the outcome, or null.</summary>
    internal TaskCompletionSource<SysResult>? Completion { get; init; }

    /// <summary>Answered with ESRCH: the machine has ended.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason) => Completion?.TrySetResult(Errno.ESRCH);
}
