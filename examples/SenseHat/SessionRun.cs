using EvlActors;
using EvlActors.Actors;
using EvlActors.TestKit;
using Spectre.Console;

namespace SenseHat;

/// <summary>Plays a session on a machine of its own.</summary>
internal static class SessionRun
{
    // While something is mapped the refresh timer goes on, and with it virtual time: a session that waits in vain never rests.
    private const int MaxTurns = 200_000;

    /// <summary>As it happens: delays last.</summary>
    /// <exception cref="SessionException">A line can't be played.</exception>
    public static Task InRealTime(IReadOnlyList<SessionLine> session, IAnsiConsole console) => Play(session, console, null);

    /// <summary>In virtual time, at once: a seed gives the same output each time.</summary>
    /// <exception cref="SessionException">A line can't be played, or waits for what never comes.</exception>
    public static void InVirtualTime(IReadOnlyList<SessionLine> session, IAnsiConsole console, ulong seed = 1)
    {
        var engine = new SimulationEngine(new SimulationOptions { Seed = seed, TurnLimit = MaxTurns });
        try
        {
            engine.Run(() => Play(session, console, engine));
        }
        catch (SimulationFailedException failed) when (failed.InnerException is SessionException wrong)
        {
            throw wrong;
        }
        catch (SimulationStuckException)
        {
            throw new SessionException("a call waits for what never comes");
        }
    }

    private static async Task Play(IReadOnlyList<SessionLine> session, IAnsiConsole console, IActorEngine? engine)
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = engine });
        await new SessionPlayer(machine, new SessionOutput(console)).Play(session);
    }
}
