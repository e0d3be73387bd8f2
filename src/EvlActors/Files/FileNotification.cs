using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Files;

/// <summary>
/// Whom an open file tells of its events, by which signal and in whose name. Counterpart of <c>struct fown_struct</c>. Who an
/// owner is only the in-band stage knows: it finds the one that a call names before the call comes here, and says of the one
/// that is kept here whether it still lives.
/// </summary>
internal sealed class FileNotification
{
    private const long MaxSignal = (long)Signal.SIGRTMAX;

    private FileOwner _owner;
    private Credentials _credentials = Credentials.Root;
    private Signal _signal;

    /// <summary>The descriptor under which a list of the driver has the file, or had it last.</summary>
    internal int Fd { get; set; } = -1;

    /// <summary>Whether an fcntl is about the owner or the signal.</summary>
    internal static bool Treats(Call call) => call.Nr == SyscallNumber.Fcntl && (FcntlCommand)call.Argument
        is FcntlCommand.SetOwn or FcntlCommand.GetOwn or FcntlCommand.SetOwnEx or FcntlCommand.GetOwnEx
        or FcntlCommand.SetSig or FcntlCommand.GetSig;

    /// <summary>Such an fcntl: answered here, or by the in-band stage.</summary>
    internal void Control(Call call, ActorRef stage)
    {
        switch ((FcntlCommand)call.Argument)
        {
            case FcntlCommand.GetOwn or FcntlCommand.GetOwnEx:
                call.Owner = _owner;
                call.PassTo(stage, CallStep.InBandOwner, Rank.InBand);
                break;
            case FcntlCommand.SetSig:
                call.Return(SetSignal(call.Argument2));
                break;
            case FcntlCommand.GetSig:
                call.Return((long)_signal);
                break;
            default:
                call.Return(SetOwner(call));
                break;
        }
    }

    /// <summary>Says to whom and with what an event goes; false: to nobody.</summary>
    internal bool Address(KillFasync kill)
    {
        // What the driver names selects no signal: urgent data is not told by plain SIGIO, that is all.
        if (_owner.Id == 0 || (kill.Named == Signal.SIGURG && _signal == Signal.None))
            return false;
        kill.Owner = _owner;
        kill.Sender = _credentials;
        kill.Info = _signal == Signal.None ? SigInfo.PlainSigio : SigInfo.Poll(_signal, kill.Code, kill.Fd);
        return true;
    }

    private SysResult SetOwner(Call call)
    {
        if (call.Saved.IsError)
            return call.Saved;
        _owner = call.Owner;
        _credentials = call.Credentials;
        return 0;
    }

    private SysResult SetSignal(long signal)
    {
        if (signal is < 0 or > MaxSignal)
            return Errno.EINVAL;
        _signal = (Signal)signal;
        return 0;
    }
}
