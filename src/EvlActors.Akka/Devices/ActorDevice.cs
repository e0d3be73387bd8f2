using Akka.Actor;
using EvlActors.Drivers;

namespace EvlActors.Akka.Devices;

/// <summary>The driver behind which an Akka actor stands: makes each operation a question, and sleeps until it is answered.</summary>
internal class ActorDevice(IActorRef actor, TimeSpan answerTimeout) : CharDevice
{
    private Task? _stopped;

    protected internal override async IoTask Open(IoCall call)
    {
        _stopped ??= actor.WatchAsync();
        Prepare(call.File);
        call.File.PrivateData = new WaitQueue();
        return (await Ask(call, new DeviceOpen(call.File.Id, call.Flags, call.Pid), answerTimeout)).Result;
    }

    protected internal override async IoTask Release(IoCall call)
    {
        Answers(call).Flush();
        await call.File.ReleaseOob();
        var question = new DeviceQuestion(actor, new DeviceRelease(call.File.Id), answerTimeout, _stopped!); // set by Open
        await question.Answered;
        return 0;
    }

    protected internal override IoTask Read(IoCall call) => ReadOn(call, isOob: false);

    protected internal override IoTask Write(IoCall call) => WriteOn(call, isOob: false);

    protected internal override IoTask Ioctl(IoCall call) => IoctlOn(call, isOob: false);

    /// <summary>Makes the file what files of this device are.</summary>
    protected virtual void Prepare(EvlFile file)
    {
    }

    /// <summary>read, on either stage.</summary>
    protected async IoTask ReadOn(IoCall call, bool isOob)
    {
        DeviceReply reply = await Ask(call, new DeviceRead(call.File.Id, call.Count, call.NonBlocking, isOob), Timeout.InfiniteTimeSpan);
        if (reply.Result.IsError)
            return reply.Result;
        // More than was asked for, or a value without its bytes: the caller would take for data what is none.
        if (reply.Data.Length > call.Count || reply.Result.Value != reply.Data.Length)
            return Errno.EIO;
        if (reply.Data.IsEmpty)
            return 0;
        long left = isOob ? call.RawCopyToUser(reply.Data.Span) : (await call.CopyToUser(reply.Data));
        return left == 0 ? reply.Data.Length : Errno.EFAULT;
    }

    /// <summary>write, on either stage.</summary>
    protected async IoTask WriteOn(IoCall call, bool isOob)
    {
        byte[] data = new byte[call.Count];
        long left = isOob ? call.RawCopyFromUser(data) : (await call.CopyFromUser(data));
        if (left != 0)
            return Errno.EFAULT;
        DeviceReply reply = await Ask(call, new DeviceWrite(call.File.Id, data, call.NonBlocking, isOob), Timeout.InfiniteTimeSpan);
        return reply.Result.IsSuccess && reply.Result.Value > data.Length ? Errno.EIO : reply.Result;
    }

    /// <summary>ioctl, on either stage.</summary>
    protected async IoTask IoctlOn(IoCall call, bool isOob) =>
        (await Ask(call, new DeviceIoctl(call.File.Id, call.Command, call.Argument, isOob), answerTimeout)).Result;

    private static WaitQueue Answers(IoCall call) => (WaitQueue)call.File.PrivateData!; // set by Open

    // The answer comes from outside; it is the sleep in the queue that a signal can end.
    private async IoTask<DeviceReply> Ask(IoCall call, DeviceRequest request, TimeSpan timeout)
    {
        WaitQueue answers = Answers(call);
        var question = new DeviceQuestion(actor, request, timeout, _stopped!); // set by Open
        _ = WakeWhenAnswered(question, answers);
        SysResult slept = await answers.WaitEvent(call, () => question.Answered.IsCompleted);
        if (question.Answered.IsCompleted)
            return await question.Answered;
        question.Cancel();
        return new DeviceReply(slept);
    }

    private static async IoTask WakeWhenAnswered(DeviceQuestion question, WaitQueue answers)
    {
        await question.Answered;
        answers.WakeAll();
        return 0;
    }
}
