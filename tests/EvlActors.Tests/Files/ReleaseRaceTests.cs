using EvlActors.Behaviour;

namespace EvlActors.Tests;

/// <summary>The races of release under a thousand orders each.</summary>
public sealed class ReleaseRaceTestsOnSimulation() : ReleaseRaceTests(EngineUnderTest.Simulation(1000));

/// <summary>The races of release on real threads, while others hammer other files of both stages.</summary>
public sealed class ReleaseRaceTestsOnPriority() : ReleaseRaceTests(EngineUnderTest.PriorityTimes(20))
{
    protected override IAsyncDisposable BeginLoad(Scenario s) => new Load(s.Machine);

    /// <summary>An oob and an in-band thread that open, use and close cross-buffers until told to stop.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly EvlProcess _process;
        private readonly Task[] _threads;
        private volatile bool _isOver;

        internal Load(EvlMachine machine)
        {
            _process = machine.CreateProcess();
            _threads = [_process.StartThread(SchedPolicy.Fifo, 10, HammerOob), _process.StartThread(SchedPolicy.Other, 0, HammerInBand)];
        }

        public async ValueTask DisposeAsync()
        {
            _isOver = true;
            await Task.WhenAll(_threads);
            await _process.ExitAsync().OrThrow();
        }

        private void HammerOob(UserThread t)
        {
            t.Attach().OrThrow();
            byte[] buffer = new byte[8];
            while (!_isOver)
            {
                int fd = t.CreateXbuf(null, 16, 16).OrThrow();
                for (int i = 0; i < 20; i++)
                {
                    t.OobWrite(fd, buffer).OrThrow();
                    t.Read(fd, buffer).OrThrow();
                    Thread.Yield();
                }
                t.Close(fd).OrThrow();
                Thread.Yield();
            }
        }

        private void HammerInBand(UserThread t)
        {
            byte[] buffer = new byte[8];
            while (!_isOver)
            {
                int fd = t.Open("/dev/console").OrThrow();
                for (int i = 0; i < 20; i++)
                {
                    t.Write(fd, buffer).OrThrow();
                    Thread.Yield();
                }
                t.Close(fd).OrThrow();
                Thread.Yield();
            }
        }
    }
}
