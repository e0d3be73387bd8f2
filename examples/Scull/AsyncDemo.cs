using System.Text;
using EvlActors;

namespace Scull;

/// <summary>Asynchronous notification: the program asks once to be told by SIGIO, and sleeps for any other reason until then.</summary>
internal static class AsyncDemo
{
    public static async Task Play(EvlMachine machine, Narrator tell)
    {
        EvlProcess program = machine.CreateProcess();
        UserThread reader = program.CreateThread();
        UserThread writer = machine.CreateProcess().CreateThread();
        int output = await reader.OpenAsync(ScullModule.Pipe, OpenFlags.ReadOnly | OpenFlags.NonBlock).OrThrow();
        int input = await writer.OpenAsync(ScullModule.Pipe, OpenFlags.WriteOnly).OrThrow();

        int signals = 0;
        await tell.Tell("signal(SIGIO, handler)", reader.SigactionAsync(Signal.SIGIO, SigAction.Handle(_ => signals++)));
        await tell.Tell("fcntl(F_SETOWN, getpid())", reader.FcntlAsync(output, FcntlCommand.SetOwn, program.Pid));
        SysResult flags = await tell.Tell("fcntl(F_GETFL)", reader.FcntlAsync(output, FcntlCommand.GetFl));
        await tell.Tell("fcntl(F_SETFL, flags | FASYNC)", reader.FcntlAsync(output, FcntlCommand.SetFl, flags.Value | (long)OpenFlags.Async));

        tell.Say("the program pauses, then somebody writes");
        // A signal that came before pause(2) slept would not end it: the writer waits for that.
        var asleep = new TaskCompletionSource();
        using IDisposable listening = machine.Events.Subscribe(happened =>
        {
            if (happened.Kind == MachineEventKind.CallAsleep && happened.Tid == reader.Tid)
                asleep.TrySetResult();
        });
        ValueTask<SysResult> pausing = reader.PauseAsync();
        await asleep.Task;
        await tell.Tell("write(\"data\")", writer.WriteAsync(input, "data"u8.ToArray()));
        await tell.Tell("pause()", pausing);
        tell.Say($"the handler has run for {signals} SIGIO");
        byte[] bytes = new byte[16];
        SysResult n = await tell.Tell("read(16)", reader.ReadAsync(output, bytes));
        tell.Say($"read \"{Encoding.ASCII.GetString(bytes, 0, (int)n.Value)}\"");

        tell.Say("without FASYNC nobody is told");
        await tell.Tell("fcntl(F_SETFL, flags)", reader.FcntlAsync(output, FcntlCommand.SetFl, flags.Value));
        await tell.Tell("write(\"more\")", writer.WriteAsync(input, "more"u8.ToArray()));
        await tell.Tell("read(16)", reader.ReadAsync(output, bytes));
        tell.Say($"still {signals} SIGIO");
    }
}
