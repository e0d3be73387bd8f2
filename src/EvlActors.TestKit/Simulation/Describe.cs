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
