using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>
/// The signals of a process: those pending on it, and those on offer to its threads. Counterpart of <c>struct signal_struct</c>
/// in this role. A signal is offered to the threads in turn, the main thread first; when all have declined it stays pending
/// here, until a thread that unblocks signals, or starts, asks. Signals of a number are on offer together: their order is kept.
/// </summary>
internal sealed class ProcessSignals(MachineContext context, ProcessInfo process, List<ThreadInfo> threads)
{
    private readonly PendingSignals _pending = new();

    // Who sent a signal while another of its number was on offer: settled with the last of them.
    private readonly List<(Signal Number, SignalSending Sending)> _behind = [];
    private ulong _onOffer;
    private int _asks;
    private ActorTimer? _alarm;

    /// <summary>The signals that are pending on the process.</summary>
    internal ulong Pending => _pending.Bits;

    /// <summary>Whether a signal can be queued: only real-time signals have a limit.</summary>
    internal bool HasRoomFor(Signal signal) =>
        !signal.IsRealTime() || Volatile.Read(ref process.PendingRealTime) < process.MaxPendingSignals;

    /// <summary>Sends a signal to the process.</summary>
    internal void Send(in SigInfo info, SignalSending? sending)
    {
        bool isOnOffer = (_onOffer & info.Number.Bit()) != 0;
        bool waitsBehindOthers = isOnOffer || _pending.Has(info.Number);
        if (info.Number.IsRealTime() || !waitsBehindOthers)
            Count(info.Number);
        if (!waitsBehindOthers)
        {
            Offer(info, sending, first: null);
            return;
        }
        // Of a standard signal one is enough.
        if (info.Number.IsRealTime())
            _pending.Add(info);
        if (isOnOffer && sending is not null)
            _behind.Add((info.Number, sending));
        else
            sending?.Settle(0);
    }

    /// <summary>Sends a signal to one thread of the process.</summary>
    internal void SendTo(ThreadInfo thread, in SigInfo info, SignalSending? sending)
    {
        Count(info.Number);
        new SignalOffer(context.InBandStage, process, info, sending) { IsThreadDirected = true }.OfferTo(thread);
    }

    /// <summary>A thread has decided on an offer.</summary>
    internal void OnDecided(SignalOffer offer)
    {
        if (offer.IsThreadDirected)
        {
            if (!offer.WasAccepted)
                process.Unqueue(offer.Info.Number);
            offer.Sending?.Settle(0);
            return;
        }
        if (!offer.WasAccepted)
        {
            offer.Declined.Add(offer.At!); // it was offered to someone
            OfferNext(offer);
            return;
        }
        _onOffer &= ~offer.Info.Number.Bit();
        offer.Sending?.Settle(0);
        if (_pending.TryTake(offer.Info.Number.Bit(), out SigInfo next))
            Offer(next, sending: null, offer.At);
        else
            SettleBehind(offer.Info.Number);
    }

    /// <summary>A thread unblocked signals, or starts: it is offered what it does not block.</summary>
    internal void Ask(ThreadInfo thread, ulong mask)
    {
        _asks++;
        for (ulong wanted = _pending.Bits & ~mask & ~_onOffer; wanted != 0; wanted &= wanted - 1)
        {
            if (_pending.TryTake(wanted & (~wanted + 1), out SigInfo info))
                Offer(info, sending: null, thread);
        }
    }

    /// <summary>A thread ended before signals that it had accepted were delivered: they are older than what is pending.</summary>
    internal void OnReturned(IReadOnlyList<SigInfo> signals)
    {
        for (int i = signals.Count - 1; i >= 0; i--)
            _pending.PutBack(signals[i]);
        foreach (SigInfo returned in signals)
        {
            // The first of a number takes the others along.
            if ((_onOffer & returned.Number.Bit()) == 0 && _pending.TryTake(returned.Number.Bit(), out SigInfo info))
                Offer(info, sending: null, first: null);
        }
    }

    /// <summary>The process changes what it does with a signal; if it ignores it now, what is pending of it is dropped.</summary>
    internal void SetAction(Signal signal, SignalAction action)
    {
        process.Actions[signal] = action;
        if (!action.Ignores(signal))
            return;
        process.Unqueue(signal, _pending.Discard(signal));
        foreach (ThreadInfo thread in threads)
            thread.Actor.Tell(new DiscardSignal(signal), Rank.Head);
    }

    /// <summary>alarm(2): SIGALRM after some seconds; 0: none.</summary>
    /// <returns>The seconds that were left of the alarm before, rounded up; 0: there was none.</returns>
    internal long SetAlarm(long seconds)
    {
        const long second = 1_000_000_000;
        long nowNs = context.Engine.MonotonicNs;
        long left = _alarm is { IsArmed: true } ? Math.Max(1, (_alarm.DueNs - nowNs + second - 1) / second) : 0;
        if (seconds > 0)
            context.Engine.Arm(_alarm ??= new ActorTimer(context.InBandStage, this), nowNs + (Math.Min(seconds, uint.MaxValue) * second));
        else if (_alarm is not null)
            context.Engine.Disarm(_alarm);
        return left;
    }

    /// <summary>The alarm is due.</summary>
    internal void OnAlarm() => Send(new SigInfo(Signal.SIGALRM, SigCode.Kernel), sending: null);

    private void Count(Signal signal)
    {
        if (signal.IsRealTime())
            Interlocked.Increment(ref process.PendingRealTime);
    }

    private void Offer(in SigInfo info, SignalSending? sending, ThreadInfo? first)
    {
        _onOffer |= info.Number.Bit();
        var offer = new SignalOffer(context.InBandStage, process, info, sending) { AsksSeen = _asks };
        while (_pending.TryTake(info.Number.Bit(), out SigInfo further))
            (offer.Behind ??= []).Add(further);
        if (first is not null)
            offer.OfferTo(first);
        else
            OfferNext(offer);
    }

    private void OfferNext(SignalOffer offer)
    {
        ThreadInfo? next = threads.Find(thread => !thread.IsReaper && !offer.Declined.Contains(thread));
        if (next is null && offer.AsksSeen != _asks)
        {
            // A thread unblocked signals after it had declined, and asked while this one was on its way: once more round.
            offer.AsksSeen = _asks;
            offer.Declined.Clear();
            next = threads.Find(thread => !thread.IsReaper);
        }
        if (next is not null)
        {
            offer.OfferTo(next);
            return;
        }
        Signal signal = offer.Info.Number;
        _onOffer &= ~signal.Bit();
        // Without threads nobody blocks it: what needs none takes effect.
        bool hasThreads = threads.Exists(thread => !thread.IsReaper);
        if (!hasThreads && process.Actions[signal].Ends(signal))
            context.InBandStage.Tell(new EndProcess(process, signal), Rank.Head);
        else if (hasThreads || !process.Actions[signal].Ignores(signal))
            PutBack(offer);
        else
            process.Unqueue(signal, 1 + (offer.Behind?.Count ?? 0));
        offer.Sending?.Settle(0);
        SettleBehind(signal);
    }

    private void PutBack(SignalOffer offer)
    {
        for (int i = (offer.Behind?.Count ?? 0) - 1; i >= 0; i--)
            _pending.PutBack(offer.Behind![i]); // it is counted, so it is there
        _pending.PutBack(offer.Info);
    }

    private void SettleBehind(Signal signal)
    {
        for (int i = 0; i < _behind.Count;)
        {
            if (_behind[i].Number != signal)
            {
                i++;
                continue;
            }
            SignalSending sending = _behind[i].Sending;
            _behind.RemoveAt(i);
            sending.Settle(0);
        }
    }
}
