using System.Text;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>Names messages and calls as a reader of the scenario knows them.</summary>
internal static class Describe
{
    /// <summary>A message, with its rank.</summary>
    internal static string Queued(Message message) => $"{Of(message)} ({message.Rank})";

    internal static string Of(Message message) => message switch
    {
        Call call => $"call {call.Number} of {call.Thread.Name}: {Name(call.Nr)} {call.Step}",
        Continuation continuation => continuation.ToString(),
        _ => message.GetType().Name,
    };

    /// <summary>A call as it stands in the source of a scenario, such as "oob_read(3)".</summary>
    internal static string Of(SyscallNumber nr, int fd) => fd < 0 ? $"{Name(nr)}()" : $"{Name(nr)}({fd})";

    /// <summary>An event, in a line.</summary>
    internal static string Of(in MachineEvent e)
    {
        var text = new StringBuilder(e.Kind.ToString());
        if (e.Call != 0)
            text.Append($" of {Of(e.Nr, e.Fd)}, thread {e.Tid}");
        else if (e.Fd >= 0)
            text.Append($" of descriptor {e.Fd}");
        if (e.File != 0)
            text.Append($", file {e.File}");
        if (e.Kind is MachineEventKind.CallAnswered or MachineEventKind.CallWoken)
            text.Append($" = {e.Result}");
        else if (e.Kind is >= MachineEventKind.InBandReferenceTaken and <= MachineEventKind.OobReferencePut)
            text.Append($": {e.Count}");
        return text.ToString();
    }

    /// <summary>The name of a call in the words of the manual: "oob_read", "dup2".</summary>
    internal static string Name(SyscallNumber nr)
    {
        var name = new StringBuilder();
        foreach (char c in nr.ToString())
        {
            if (char.IsUpper(c) && name.Length > 0)
                name.Append('_');
            name.Append(char.ToLowerInvariant(c));
        }
        return name.ToString();
    }
}
