using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;
using EvlActors.Files;

namespace EvlActors.InBand;

/// <summary>pipe2(2): two numbers are reserved, then the device and both files made, then both installed.</summary>
internal sealed class PipeMaker(MachineContext context)
{
    private static readonly FileOperations s_operations = CharDevice.OperationsOf(typeof(PipeDevice));

    internal void Make(Call call)
    {
        if (((OpenFlags)call.Argument & ~(OpenFlags.CloseOnExec | OpenFlags.NonBlock)) != 0)
        {
            call.Return(Errno.EINVAL);
            return;
        }
        call.Object = new PipeParts();
        Ask(call, CallStep.TableReserve);
    }

    /// <summary>The table has done what it was asked for last; the parts tell what that was.</summary>
    internal void GoOn(Call call)
    {
        var pipe = (PipeParts)call.Object!; // set when it began
        if (pipe.Refused != Errno.None)
        {
            if (pipe.ReadFd >= 0)
                GiveBack(call, pipe);
            else
                call.Return(pipe.Refused);
        }
        else if (pipe.ReadFd < 0)
        {
            ReserveSecond(call, pipe);
        }
        else if (pipe.WriteFd < 0)
        {
            MakeFiles(call, pipe);
        }
        else if (!pipe.IsReaderInstalled)
        {
            pipe.IsReaderInstalled = true;
            Install(call, pipe.WriteFd, pipe.Writer!); // made together with the other end
        }
        else
        {
            call.Return(0);
        }
    }

    private void ReserveSecond(Call call, PipeParts pipe)
    {
        if (call.Result.IsError)
        {
            call.Return(call.Result);
            return;
        }
        pipe.ReadFd = (int)call.Result.Value;
        Ask(call, CallStep.TableReserve);
    }

    private void MakeFiles(Call call, PipeParts pipe)
    {
        if (call.Result.IsError)
        {
            pipe.Refused = call.Result.Errno;
            GiveBack(call, pipe);
            return;
        }
        pipe.WriteFd = (int)call.Result.Value;
        if (context.CountFiles(call, 2) is var refused and not Errno.None)
        {
            Refuse(call, pipe, refused);
            return;
        }
        Span<byte> numbers = stackalloc byte[8];
        BitConverter.TryWriteBytes(numbers, pipe.ReadFd);
        BitConverter.TryWriteBytes(numbers[4..], pipe.WriteFd);
        if (context.ShouldFail(FaultPoint.UserCopy, call, "copy_to_user", numbers.Length) || !UserMemory.TryWrite(call.Buffer, numbers))
        {
            context.FileGone();
            context.FileGone();
            Refuse(call, pipe, Errno.EFAULT);
            return;
        }
        Spawn(call, pipe);
        call.Flags = (OpenFlags)call.Argument;
        Install(call, pipe.ReadFd, pipe.Reader!); // made just now
    }

    private void Spawn(Call call, PipeParts pipe)
    {
        var driver = new PipeDevice();
        var device = new DeviceRef("/pipe", s_operations, DeviceTraits.Element);
        var actor = new DeviceActor(context, device, () => driver, driver);
        OpenFlags status = (OpenFlags)call.Argument & OpenFlags.NonBlock;
        pipe.Reader = new OpenFileRef(context.NextFileId(), device);
        pipe.Writer = new OpenFileRef(context.NextFileId(), device);
        // Both ends are open before the device runs: no reader meets a pipe without a writer.
        EvlFile reader = actor.Preopen(pipe.Reader, OpenFlags.ReadOnly | status);
        EvlFile writer = actor.Preopen(pipe.Writer, OpenFlags.WriteOnly | status);
        device.Actor = context.Engine.Spawn(actor, new SpawnOptions("devices/pipe", Supervisor: context.Supervisor));
        context.Events.Emit(MachineEventKind.DeviceSpawned, call, detail: device.Name);
        pipe.Reader.Actor = SpawnFile(pipe.Reader, OpenFlags.ReadOnly | status, reader);
        pipe.Writer.Actor = SpawnFile(pipe.Writer, OpenFlags.WriteOnly | status, writer);
    }

    private ActorRef SpawnFile(OpenFileRef file, OpenFlags flags, EvlFile handle)
    {
        var end = new OpenFile(context, file, flags, handle);
        end.Preset(FileModes.NonSeekable | FileModes.Stream);
        return context.Engine.Spawn(
            end, new SpawnOptions("files", Placement.WithNeighbour, context.Supervisor, file.Device.Actor) { Number = file.Id });
    }

    private void Install(Call call, int fd, OpenFileRef file)
    {
        call.Fd = fd;
        call.File = file;
        call.Result = 0;
        Ask(call, CallStep.TableInstall);
    }

    // Both numbers go back, the second first.
    private void Refuse(Call call, PipeParts pipe, Errno errno)
    {
        pipe.Refused = errno;
        call.Fd = pipe.WriteFd;
        call.Result = errno;
        Ask(call, CallStep.TableInstall);
    }

    private void GiveBack(Call call, PipeParts pipe)
    {
        call.Fd = pipe.ReadFd;
        call.Result = pipe.Refused;
        pipe.ReadFd = -1;
        Ask(call, CallStep.TableInstall);
    }

    private void Ask(Call call, CallStep step)
    {
        call.Push(context.InBandStage, CallStep.InBandPipe);
        call.PassTo(call.Files.Actor, step, Rank.InBand);
    }
}
