using EvlActors.Calls;
using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class IndexInvariantTests
{
    [Fact]
    public void ReleaseBegun_DescriptorStillRefersToTheFile_IsWrong()
    {
        using var index = new Index();
        Assert.Null(index.Happens(MachineEventKind.ReleaseBegun, file: 6));
        Assert.Contains("refers to file 7, which is released", index.Happens(MachineEventKind.ReleaseBegun, file: 7), StringComparison.Ordinal);
    }

    [Fact]
    public void Dup2Answered_DescriptorRefersToAReleasedFile_IsWrong()
    {
        using var index = new Index(file: 0);
        Assert.Null(index.Happens(MachineEventKind.ReleaseBegun, file: 7));
        Assert.Null(index.Happens(MachineEventKind.CallAnswered, file: 0));
        index.Set(7);
        Assert.Contains("refers to file 7", index.Happens(MachineEventKind.CallAnswered, file: 0), StringComparison.Ordinal);
    }

    // A process whose index says what a test wants.
    private sealed class Index : IDisposable
    {
        private readonly EvlMachine _machine = new(new EvlMachineOptions { Engine = new SimulationEngine(1) });
        private readonly EvlProcess _process;
        private readonly IndexInvariant _invariant;

        internal Index(long file = 7)
        {
            _process = _machine.CreateProcess();
            _invariant = new IndexInvariant(_machine);
            Set(file);
        }

        public void Dispose() => _machine.Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();

        internal void Set(long file) => _process.Info.Files.OobIndex = [file == 0 ? null : new OpenFileRef(file, null!)];

        internal string? Happens(MachineEventKind kind, long file) => _invariant.Happened(
            new MachineEvent(1, 0, kind, _process.Pid, 1, 1, SyscallNumber.Dup2, 0, file, 0, default, null));
    }
}
