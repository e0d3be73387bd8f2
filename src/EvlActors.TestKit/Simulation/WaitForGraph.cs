using System.Text;
using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>Who waits for what when nothing can run: the calls in flight, where each is, and which of them wait for others.</summary>
internal static class WaitForGraph
{
    internal static void Write(StringBuilder text, List<SimulatedCaller> inFlight)
    {
        Call[] calls = [.. inFlight.Select(caller => caller.Entry).OfType<Call>()];
        foreach (SimulatedCaller caller in inFlight)
            text.Append($"\n  in flight: {(caller.Entry is Call call ? Waits(call, calls) : caller)}");
        foreach (Call releaser in calls.Where(IsReleasing))
        {
            foreach (Call holder in Holders(releaser, calls))
            {
                text.Append($"\n  deadlock: {Name(releaser)} waits until {Name(holder)} has left {holder.File!.Device.Name}, ") // a holder holds a file
                    .Append("and nobody is left who could wake it: flush the wait queues before ReleaseOob is awaited");
            }
        }
    }

    private static string Waits(Call call, Call[] calls)
    {
        if (call.File is not { } file || call.Step != CallStep.DeviceOperate)
            return $"{Name(call)} waits at {call.Step}";
        string[] holders = IsReleasing(call) ? [.. Holders(call, calls).Select(Name)] : [];
        return holders.Length == 0
            ? $"{Name(call)} sleeps in {call.Operation} of {file.Device.Name}, file {file.Id}"
            : $"{Name(call)} waits in {call.Operation} of {file.Device.Name}, file {file.Id}, for {string.Join(" and ", holders)}";
    }

    private static bool IsReleasing(Call call) => call.Step == CallStep.DeviceOperate && call.Operation == FileOperation.Release;

    // An oob call holds an oob reference of its file, and the release waits for it.
    private static IEnumerable<Call> Holders(Call releaser, Call[] calls) =>
        calls.Where(call => call != releaser && call.IsOob && call.File == releaser.File);

    private static string Name(Call call) => $"{Describe.Of(call.Nr, call.Fd)} of {call.Thread.Name}";
}
