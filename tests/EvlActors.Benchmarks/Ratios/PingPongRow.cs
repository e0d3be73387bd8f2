namespace EvlActors.Benchmarks.Ratios;

/// <summary>Two FIFO threads that wake each other through two cross-buffers, beside two that do so through two kernel pipes.</summary>
internal sealed class PingPongRow : IRatioRow
{
    private const int Samples = 25;
    private const int Rounds = 500;
    private const int Priority = 80;
    private const byte End = 1;

    public string Name => "ping-pong";

    public bool NeedsFifo => true;

    public Task Run(RatioReport report) => Bench.OnFifo(thread =>
    {
        EvlProcess process = thread.Process;
        int there = thread.CreateXbuf(null, 64, 64).OrThrow();
        int back = thread.CreateXbuf(null, 64, 64).OrThrow();
        using var kernelThere = new LinuxPipe();
        using var kernelBack = new LinuxPipe();
        Task partner = process.StartThread(SchedPolicy.Fifo, Priority, other =>
        {
            other.Attach().OrThrow();
            byte[] ball = new byte[1];
            while (ball[0] != End)
            {
                other.OobRead(there, ball).OrThrow();
                other.Write(back, ball).OrThrow();
            }
        });
        Task kernelPartner = process.StartThread(SchedPolicy.Fifo, Priority, _ =>
        {
            byte[] ball = new byte[1];
            while (ball[0] != End)
            {
                kernelThere.Read(ball);
                kernelBack.Write(ball);
            }
        });
        byte[] ball = new byte[1];
        UserBuffer buffer = ball;
        void Own()
        {
            thread.Write(there, buffer).OrThrow();
            thread.OobRead(back, buffer).OrThrow();
        }
        void Kernel()
        {
            kernelThere.Write(ball);
            kernelBack.Read(ball);
        }

        Comparison found = Measure.Compare(Samples, Rounds, Own, Kernel);
        ball[0] = End;
        Own();
        Kernel();
        Task.WaitAll(partner, kernelPartner);
        report.Ratio($"{Name} (xbufs / kernel pipes, there and back)", found.Measured / 1000, "us", found.Ratio, 0.5);
    });
}
