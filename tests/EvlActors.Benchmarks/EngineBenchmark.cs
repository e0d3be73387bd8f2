using EvlActors.Actors;

namespace EvlActors.Benchmarks;

/// <summary>What a message costs that is passed from actor to actor, and what calling in costs, with actors of an application's own.</summary>
internal static class EngineBenchmark
{
    private const int Samples = 15;
    private const int Rounds = 5_000;
    private const int LongWay = 1_000;
    private const int FifoPriority = 80;

    public static async Task Run(TextWriter output)
    {
        await using var machine = new EvlMachine();
        IActorEngine engine = machine.Engine;
        output.WriteLine($"scheduling: {((Engine.PriorityEngine)engine).SchedulingDescription}");
        ActorRef[] inBand = Spawn(engine, Placement.InBand);
        ActorRef[] oob = Spawn(engine, Placement.Oob);
        EvlProcess process = machine.CreateProcess();
        await process.StartThread(process.CreateThread(name: "ordinary"), _ =>
        {
            Caller door = engine.CreateCaller();
            double longWay = Of(door, Rank.InBand, [.. Enumerable.Range(0, LongWay).Select(i => inBand[i % 2])], rounds: 20);
            double one = Of(door, Rank.InBand, inBand[0]);
            Say(output, "a turn, with the send that led to it, within a lane", (longWay - one) / (LongWay - 1));
            Say(output, "EnterAndWait to one actor, lane free", one);
            Say(output, "EnterAndWait through 5 actors of the in-band lane, lane free", Of(door, Rank.InBand, inBand));
            Say(output, "EnterAndWait from an ordinary thread to the oob lane", Of(door, Rank.Oob(FifoPriority), [oob[0]], rounds: 500));
        });
        await process.StartThread(process.CreateThread(SchedPolicy.Fifo, FifoPriority, "fifo"), _ =>
        {
            Caller door = engine.CreateCaller(FifoPriority);
            Rank rank = Rank.Oob(FifoPriority);
            Say(output, "EnterAndWait through 5 actors of the oob lane, FIFO caller, lane free", Of(door, rank, oob));
            Say(output, "EnterAndWait in-band, oob, in-band, FIFO caller, lanes free", Of(door, rank, inBand[0], oob[0], inBand[1]));
            Say(output, "EnterAndWait through 5 actors of the two lanes in turn, FIFO caller, lanes free",
                Of(door, rank, inBand[0], oob[0], inBand[1], oob[1], inBand[2]));
        });
    }

    private static ActorRef[] Spawn(IActorEngine engine, Placement placement) =>
        [.. Enumerable.Range(0, 5).Select(i => engine.Spawn(new Relay(), new SpawnOptions($"{placement}{i}", placement)))];

    private static double Of(Caller door, Rank rank, params ActorRef[] way) => Of(door, rank, way, Rounds);

    private static double Of(Caller door, Rank rank, ActorRef[] way, int rounds)
    {
        var baton = new Baton(door, rank, way);
        return Measure.Loop(Samples, rounds, () =>
        {
            baton.Passed = 0;
            door.EnterAndWait(way[0], baton, rank);
        });
    }

    private static void Say(TextWriter output, string what, double ns) => output.WriteLine($"{what,-82} {ns,8:F0} ns");

    private sealed class Baton(Caller door, Rank rank, ActorRef[] way) : Message
    {
        internal int Passed;

        internal void GoOn()
        {
            if (++Passed < way.Length)
                way[Passed].Tell(this, rank);
            else
                door.Answer();
        }

        protected internal override void Undeliverable(UndeliverableReason reason) => door.Answer();
    }

    private sealed class Relay : Actor
    {
        protected internal override void Receive(Message message) => ((Baton)message).GoOn(); // nothing else is sent here
    }
}
