using EvlActors.Drivers;

namespace EvlActors.TestKit.Tests;

/// <summary>
/// Single open by decrement and restore, as in the first scullsingle: who decrements and is refused has the device for a moment, and another is
/// refused for it though nobody has it open.
/// </summary>
internal static class SingleOpen
{
    internal static Func<SimulationScenario, Task> Scenario(Func<OpenPolicy> policy) => async s =>
    {
        s.Machine.AddDevice("/dev/single", () => new SingleDevice(policy()));
        EvlProcess app = s.Machine.CreateProcess();
        UserThread owner = app.CreateThread(name: "owner");
        UserThread visitor = app.CreateThread(name: "visitor");
        int fd = await owner.OpenAsync("/dev/single").OrThrow();
        bool wasLetIn = false;
        Task visiting = app.Run(visitor, async t => wasLetIn = (await t.OpenAsync("/dev/single")).IsSuccess);
        Task coming = app.Run(owner, async t =>
        {
            await t.CloseAsync(fd).OrThrow();
            SysResult again = await t.OpenAsync("/dev/single");
            await visiting;
            if (again.IsError && !wasLetIn)
                throw new InvalidOperationException("Both were refused, and nobody has it.");
        });
        await coming;
    };

    private sealed class SingleDevice : CharDevice
    {
        internal SingleDevice(OpenPolicy policy) => Access = policy;
    }

    internal sealed class DecrementAndRestore : OpenPolicy
    {
        private int _available = 1;

        protected internal override async IoTask Enter(IoCall call)
        {
            if (--_available == 0)
                return 0;
            await call.MayBePreempted();
            _available++;
            return Errno.EBUSY;
        }

        protected internal override void Leave(EvlFile file) => _available++;
    }
}
