using System.Runtime.InteropServices;
using System.Text;
using EvlActors;

namespace SenseHat;

/// <summary>One of the threads of a session's process: makes the calls that its lines name. README.md lists them.</summary>
internal sealed class SessionThread(string name, UserThread thread, SessionFiles files, SessionOutput output)
{
    /// <summary>The call that was left in the background; null: none.</summary>
    public SessionCall? UnderWay { get; set; }

    public string Name => name;

    /// <summary>Makes the call of a line, whose second word it is.</summary>
    /// <exception cref="SessionException">There is no such call, or its arguments are wrong.</exception>
    public SessionCall Call(SessionLine line) => line.Word(1) switch
    {
        "open" => Open(line),
        "close" => On(line, (fd, file) => new SessionCall($"close({file})", thread.CloseAsync(fd))),
        "read" => Read(line),
        "events" => Events(line),
        "write" => On(line, (fd, file) => Write($"write({file}", thread.WriteAsync, fd, line.Pixels(3))),
        "pwrite" => Pwrite(line),
        "text" => On(line, (fd, file) => new SessionCall($"write({file}, text)", thread.WriteAsync(fd, Encoding.ASCII.GetBytes(line.Word(3))))),
        "seek" => Seek(line),
        "fsync" => On(line, (fd, file) => new SessionCall($"fsync({file})", thread.FsyncAsync(fd))),
        "ioctl" => Ioctl(line),
        "mmap" => Mmap(line),
        "poke" => Poke(line),
        "munmap" => Munmap(),
        "poll" => Poll(line),
        "sigio" => Sigio(line),
        "pause" => new SessionCall("pause()", thread.PauseAsync()),
        var call => throw line.Wrong($"there is no call '{call}'"),
    };

    private static SessionCall Write(
        string call, Func<int, UserBuffer, CancellationToken, ValueTask<SysResult>> write, int fd, byte[] bytes) =>
        new($"{call}, {bytes.Length} bytes)", write(fd, bytes, default));

    private static string Shown(JoystickEvent happened) =>
        happened.IsDropped ? "DROPPED" : $"{happened.Key.ToString().ToUpperInvariant()} {(happened.IsPressed ? "pressed" : "released")}";

    private SessionCall On(SessionLine line, Func<int, string, SessionCall> make) => make(files.Fd(line, 2), line.Word(2));

    private SessionCall Open(SessionLine line)
    {
        string file = line.Word(2);
        string path = line.Word(3);
        OpenFlags flags = OpenFlags.ReadOnly;
        foreach (string flag in line.From(4))
        {
            flags |= flag switch
            {
                "ro" => OpenFlags.ReadOnly,
                "wo" => OpenFlags.WriteOnly,
                "rw" => OpenFlags.ReadWrite,
                "nonblock" => OpenFlags.NonBlock,
                _ => throw line.Wrong($"there is no flag '{flag}'"),
            };
        }
        return new SessionCall($"open(\"{path}\"{string.Concat(line.From(4).Select(flag => $", {flag}"))})", thread.OpenAsync(path, flags),
            result => files.Opened(file, result));
    }

    private SessionCall Read(SessionLine line) => On(line, (fd, file) =>
    {
        byte[] bytes = new byte[line.Size(3)];
        return new SessionCall($"read({file}, {bytes.Length})", thread.ReadAsync(fd, bytes),
            result => Convert.ToHexStringLower(bytes.AsSpan(0, (int)result.Value)));
    });

    private SessionCall Events(SessionLine line) => On(line, (fd, file) =>
    {
        byte[] bytes = new byte[line.Size(3) * JoystickEvent.Size];
        return new SessionCall($"read({file}, {bytes.Length})", thread.ReadAsync(fd, bytes), result => string.Join(", ",
            MemoryMarshal.Cast<byte, JoystickEvent>(bytes.AsSpan(0, (int)result.Value)).ToArray().Select(Shown)));
    });

    private SessionCall Pwrite(SessionLine line) => On(line, (fd, file) =>
    {
        byte[] bytes = line.Pixels(4);
        return new SessionCall($"pwrite({file}, {bytes.Length} bytes, {line.Int(3)})", thread.PwriteAsync(fd, bytes, line.Int(3)));
    });

    private SessionCall Seek(SessionLine line) => On(line, (fd, file) =>
    {
        (Whence whence, string constant) = line.Word(4, "set") switch
        {
            "set" => (Whence.Set, "SEEK_SET"),
            "cur" => (Whence.Current, "SEEK_CUR"),
            "end" => (Whence.End, "SEEK_END"),
            var other => throw line.Wrong($"'{other}' is no origin"),
        };
        return new SessionCall($"lseek({file}, {line.Int(3)}, {constant})", thread.LseekAsync(fd, line.Int(3), whence));
    });

    private SessionCall Ioctl(SessionLine line) => On(line, (fd, file) =>
    {
        string command = line.Word(3);
        string argument = line.Word(4, "");
        UserBuffer Pointer(Func<byte[]> value) => argument == "bad" ? UserBuffer.Bad() : value();
        return new SessionCall($"ioctl({file}, {command}{(argument.Length > 0 ? $", {argument}" : "")})", command switch
        {
            "clear" => thread.IoctlAsync(fd, MatrixIoctl.Clear),
            "rotate" => thread.IoctlAsync(fd, MatrixIoctl.SetRotation, Pointer(() => BitConverter.GetBytes(line.Int(4)))),
            "gamma" => thread.IoctlAsync(fd, MatrixIoctl.ResetGamma, line.Int(4)),
            "levels" => thread.IoctlAsync(fd, MatrixIoctl.SetGamma, Pointer(() => [.. Enumerable.Repeat((byte)line.Int(4), GammaTable.Size)])),
            "other" => thread.IoctlAsync(fd, MatrixIoctl.Clear + 1),
            _ => throw line.Wrong($"there is no command '{command}'"),
        });
    });

    private SessionCall Mmap(SessionLine line) => On(line, (fd, file) => new SessionCall($"mmap({file}, {line.Int(3)})", Map(fd, line.Int(3))));

    private async ValueTask<SysResult> Map(int fd, int length)
    {
        MmapResult mapped = await thread.MmapAsync(fd, length);
        files.Mapping = mapped.Mapping ?? files.Mapping;
        return mapped.Result.IsError ? mapped.Result : 0; // where it is says nothing
    }

    // No call: the memory is the process's.
    private SessionCall Poke(SessionLine line)
    {
        byte[] bytes = line.Pixels(3);
        if (files.Mapping is not { IsMapped: true } mapping)
            throw line.Wrong("nothing is mapped");
        int from = line.Size(2) * Rgb565.Size;
        if (from + bytes.Length > mapping.Memory.Length)
            throw line.Wrong("the mapping ends before");
        bytes.CopyTo(mapping.Memory[from..]);
        return new SessionCall($"pixel {line.Size(2)} of the mapping, {bytes.Length} bytes", new ValueTask<SysResult>(SysResult.Ok(bytes.Length)));
    }

    private SessionCall Munmap()
    {
        EvlMapping? mapping = files.Mapping;
        return new SessionCall("munmap()", thread.MunmapAsync(mapping?.Address ?? 0, mapping?.Length ?? 0));
    }

    private SessionCall Poll(SessionLine line) => On(line, (fd, file) =>
    {
        PollFd[] fds = [new(fd, PollEvents.In)];
        return new SessionCall($"poll({file}, IN, {line.Int(3)} ms)", thread.PollAsync(fds, line.Int(3)),
            result => result.Value > 0 ? fds[0].Revents.ToString().ToUpperInvariant() : null);
    });

    private SessionCall Sigio(SessionLine line) => On(line, (fd, file) => new SessionCall($"fcntl({file}, F_SETFL, FASYNC)", Arm(fd)));

    private async ValueTask<SysResult> Arm(int fd)
    {
        await thread.SigactionAsync(Signal.SIGIO, SigAction.Handle(_ => output.Happened($"{name}: SIGIO"))).OrThrow();
        await thread.FcntlAsync(fd, FcntlCommand.SetOwn, thread.Process.Pid).OrThrow();
        SysResult flags = await thread.FcntlAsync(fd, FcntlCommand.GetFl);
        return flags.IsError ? flags : await thread.FcntlAsync(fd, FcntlCommand.SetFl, flags.Value | (long)OpenFlags.Async);
    }
}
