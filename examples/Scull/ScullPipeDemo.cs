using System.Text;
using EvlActors;

namespace Scull;

/// <summary>The pipe: readers sleep until there is something, writers until there is room.</summary>
internal static class ScullPipeDemo
{
    public static async Task Play(EvlMachine machine, Narrator tell)
    {
        EvlProcess app = machine.CreateProcess();
        UserThread consumer = app.CreateThread();
        UserThread producer = app.CreateThread();
        int output = await consumer.OpenAsync(ScullModule.Pipe, OpenFlags.ReadOnly | OpenFlags.NonBlock).OrThrow();
        int input = await producer.OpenAsync(ScullModule.Pipe, OpenFlags.WriteOnly).OrThrow();
        byte[] bytes = new byte[5000];

        await tell.Tell("read(O_NONBLOCK) of the empty pipe", consumer.ReadAsync(output, bytes));
        await consumer.FcntlAsync(output, FcntlCommand.SetFl, 0).OrThrow();
        ValueTask<SysResult> reading = consumer.ReadAsync(output, bytes);
        tell.Say("a blocking read begins, then a write");
        await tell.Tell("write(\"six by\")", producer.WriteAsync(input, "six by"u8.ToArray()));
        SysResult n = await tell.Tell("read(5000)", reading);
        tell.Say($"read \"{Encoding.ASCII.GetString(bytes, 0, (int)n.Value)}\"");

        tell.Say("a ring of 4000 bytes holds 3999, and a transfer ends at its wrap");
        await producer.FcntlAsync(input, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        await tell.Tell("write(5000)", producer.WriteAsync(input, bytes));
        await tell.Tell("write(5000)", producer.WriteAsync(input, bytes));
        await tell.Tell("write(5000, O_NONBLOCK) of the full pipe", producer.WriteAsync(input, bytes));
        PollFd[] poll = [new PollFd(output, PollEvents.In), new PollFd(input, PollEvents.Out)];
        await tell.Tell("poll(0 ms)", consumer.PollAsync(poll, 0));
        tell.Say($"the reader's end is ready for {poll[0].Revents}, the writer's for {poll[1].Revents}");
        await tell.Tell("read(5000)", consumer.ReadAsync(output, bytes));
        await tell.Tell("read(5000)", consumer.ReadAsync(output, bytes));
        await tell.Tell("lseek(0)", consumer.LseekAsync(output, 0));
    }
}
