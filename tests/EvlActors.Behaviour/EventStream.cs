using Xunit;

namespace EvlActors.Behaviour;

/// <summary>What must hold of every event stream, and assertions about the order of events.</summary>
internal static class EventStream
{
    // The machine's own; it stays open as long as the machine lives.
    private const long Console = 1;

    /// <summary>Each of the steps happened exactly once, in this order.</summary>
    internal static void AssertOrder(this Scenario scenario, params Func<MachineEvent, bool>[] steps)
    {
        IReadOnlyList<MachineEvent> events = scenario.Events;
        long before = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            MachineEvent[] found = [.. events.Where(steps[i])];
            if (found.Length != 1)
                Assert.Fail($"Step {i} happened {found.Length} times.\n{Print(events)}");
            if (found[0].Sequence <= before)
                Assert.Fail($"Step {i} ({found[0].Kind}) came before step {i - 1}.\n{Print(events)}");
            before = found[0].Sequence;
        }
    }

    /// <summary>The file that a descriptor was last made to refer to.</summary>
    internal static long FileAt(this Scenario scenario, int fd) =>
        scenario.Of(MachineEventKind.HookInstall, MachineEventKind.HookReplace).Last(e => e.Fd == fd).File;

    /// <summary>Counts, the order of every release, and that every call was answered once, after what rode on it.</summary>
    internal static void AssertSound(this Scenario scenario, bool everythingClosed)
    {
        IReadOnlyList<MachineEvent> events = scenario.Events;
        try
        {
            var files = new Dictionary<long, FileHistory>();
            var calls = new HashSet<(int Tid, long Call)>();
            var answers = new Dictionary<(int Tid, long Call), MachineEvent>();
            foreach (MachineEvent e in events)
            {
                if (e.Kind == MachineEventKind.CallEntered)
                    Assert.True(calls.Add((e.Tid, e.Call)), "a call entered twice");
                if (e.Kind == MachineEventKind.CallAnswered)
                {
                    Holds(calls.Remove((e.Tid, e.Call)), "answered twice or never entered", e);
                    answers.Add((e.Tid, e.Call), e);
                }
                if (e.File == 0)
                    continue;
                if (!files.TryGetValue(e.File, out FileHistory? file))
                    files.Add(e.File, file = new FileHistory());
                file.Happened(e);
            }
            foreach (FileHistory file in files.Values)
                file.Ended(answers, everythingClosed);
            Assert.Empty(calls);
        }
        catch (Exception e)
        {
            Assert.Fail($"{e.Message}\n{Print(events)}");
        }
    }

    private static void Holds(bool holds, string otherwise, MachineEvent e)
    {
        if (!holds)
            Assert.Fail($"{otherwise}: {e}");
    }

    private static string Print(IEnumerable<MachineEvent> events) => string.Join('\n', events.Select(e =>
        $"{e.Sequence,5} {e.Kind,-20} tid {e.Tid} call {e.Call} {(e.Call == 0 ? "" : e.Nr)} fd {e.Fd} file {e.File} count {e.Count} {e.Result} {e.Detail}"));

    /// <summary>One file's life as the stream tells it.</summary>
    private sealed class FileHistory
    {
        private long? _inBand;
        private long? _oob;
        private bool _isInstalled;
        private MachineEvent? _releaseBegun;
        private bool _isReleasedOob;
        private MachineEvent? _releaseDone;

        internal void Happened(MachineEvent e)
        {
            Holds(_releaseDone is null, "after ReleaseDone", e);
            switch (e.Kind)
            {
                case MachineEventKind.HookInstall:
                case MachineEventKind.HookReplace:
                    Assert.Null(_releaseBegun);
                    _isInstalled = e.File != Console;
                    break;
                case MachineEventKind.InBandReferenceTaken:
                    Holds(_releaseBegun is null, "a take after ReleaseBegun", e);
                    Count(ref _inBand, e, +1);
                    break;
                case MachineEventKind.InBandReferencePut:
                    Count(ref _inBand, e, -1);
                    break;
                case MachineEventKind.OobReferenceTaken:
                    Holds(!_isReleasedOob, "a take after ReleaseOobDone", e);
                    Count(ref _oob, e, +1);
                    break;
                case MachineEventKind.OobReferencePut:
                    Count(ref _oob, e, -1);
                    break;
                case MachineEventKind.ReleaseBegun:
                    Assert.Null(_releaseBegun);
                    Assert.Equal(0, _inBand);
                    _releaseBegun = e;
                    break;
                case MachineEventKind.ReleaseOobBegun:
                    Assert.NotNull(_releaseBegun);
                    break;
                case MachineEventKind.ReleaseOobDone:
                    Assert.NotNull(_releaseBegun);
                    Assert.Equal(0, _oob);
                    _isReleasedOob = true;
                    break;
                case MachineEventKind.ReleaseDone:
                    Assert.NotNull(_releaseBegun);
                    Assert.Equal(0, _oob ?? 0);
                    _releaseDone = e;
                    break;
            }
        }

        internal void Ended(Dictionary<(int Tid, long Call), MachineEvent> answers, bool everythingClosed)
        {
            if (everythingClosed && _isInstalled)
                Assert.True(_releaseDone is not null, "a file was left open");
            if (_releaseDone is not { } done)
                return;
            Assert.Equal(_releaseBegun!.Value.Call, done.Call);
            MachineEvent answered = answers[(done.Tid, done.Call)];
            Holds(answered.Sequence > done.Sequence, "answered before its release was done", answered);
        }

        // The console's first references may be older than the recording.
        private static void Count(ref long? count, MachineEvent e, int change)
        {
            Holds(e.Count >= 0, "negative", e);
            if (count is { } before)
                Holds(e.Count == before + change, "not one more or less than before", e);
            count = e.Count;
        }
    }
}
