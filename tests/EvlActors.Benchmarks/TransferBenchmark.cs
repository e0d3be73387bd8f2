namespace EvlActors.Benchmarks;

/// <summary>write + oob_read through a cross-buffer by one thread, beside write + read through a pipe of the kernel.</summary>
internal static class TransferBenchmark
{
    private const int Samples = 9;
    private const int Rounds = 20_000;

    public static async Task Run(TextWriter output)
    {
        await using var machine = new EvlMachine();
        output.WriteLine($"scheduling: {((Engine.PriorityEngine)machine.Engine).SchedulingDescription}");
        EvlProcess process = machine.CreateProcess();
        UserThread fifo = process.CreateThread(SchedPolicy.Fifo, 80, "fifo");
        UserThread ordinary = process.CreateThread(name: "ordinary");
        await process.StartThread(fifo, t => Transfers(t, "FIFO thread", output));
        await process.StartThread(ordinary, t => Transfers(t, "ordinary thread", output));
    }

    private static void Transfers(UserThread thread, string who, TextWriter output)
    {
        thread.Attach().OrThrow();
        foreach (int size in new[] { 64, 4096 })
        {
            int xbuf = thread.CreateXbuf(null, 65536, 65536).OrThrow();
            using var pipe = new LinuxPipe();
            byte[] bytes = new byte[size];
            UserBuffer buffer = bytes;
            void Xbuf()
            {
                thread.Write(xbuf, buffer).OrThrow();
                thread.OobRead(xbuf, buffer).OrThrow();
            }
            void Pipe() => pipe.WriteAndRead(bytes);
            int rounds = who.StartsWith('F') ? Rounds : Rounds / 20;
            double[] medians = Measure.Medians(Samples, rounds, Xbuf, Pipe);
            long allocated = Measure.Allocated(rounds, Xbuf);
            output.WriteLine(
                $"{who,-16} {size,5} B  xbuf {medians[0],8:F0} ns  pipe {medians[1],8:F0} ns  ratio {medians[0] / medians[1],6:F2}  "
                + $"allocated {allocated} B in {rounds} rounds");
            thread.Close(xbuf).OrThrow();
        }
    }
}
