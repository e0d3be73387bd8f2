using EvlActors;
using EvlActors.Drivers;

namespace SenseHat;

/// <summary>
/// The LED matrix. Its first minor is the pixels, as a file of 128 bytes and as memory; its second one is a terminal of eight
/// columns that is controlled by escape sequences.
/// </summary>
/// <remarks>
/// A change is drawn at once by fsync, else within <see cref="RefreshNs"/>: a write or a command sets the refresh timer. Nobody
/// tells of a change through a mapping, so the timer goes on as long as there is one. What has not changed is not drawn again.
/// </remarks>
internal sealed class MatrixDevice(ILedPanel panel) : CharDevice
{
    /// <summary>How many nodes it has.</summary>
    public const int Minors = 2;

    /// <summary>The longest time from a change until it is drawn, in nanoseconds.</summary>
    public const long RefreshNs = 20_000_000;

    private const int TerminalMinor = 1;
    private const int TextBytes = 128;

    private static readonly IoctlTable<MatrixDevice> s_commands = new IoctlTableBuilder<MatrixDevice>()
        .Ior<GammaTable>(MatrixIoctl.GetGamma, (matrix, _) => matrix._picture.Gamma)
        .Iow<GammaTable>(MatrixIoctl.SetGamma, (matrix, _, gamma) => matrix.SetGamma(gamma))
        .Io(MatrixIoctl.ResetGamma, (matrix, _, which) => which switch
        {
            0 => matrix.SetGamma(GammaTable.Default),
            1 => matrix.SetGamma(GammaTable.LowLight),
            _ => Errno.EINVAL,
        })
        .Ior<int>(MatrixIoctl.GetRotation, (matrix, _) => matrix._picture.Rotation)
        .Iow<int>(MatrixIoctl.SetRotation, (matrix, _, degrees) => matrix.SetRotation(degrees))
        .Io(MatrixIoctl.Clear, (matrix, _) => matrix.Clear())
        .Build();

    private readonly Picture _picture = new(EvlMapping.PageBytes);
    private readonly Led[] _next = new Led[Picture.Pixels];
    private readonly Led[] _drawn = new Led[Picture.Pixels];
    private EvlTimer? _refresh;
    private int _mappings;

    private EvlTimer RefreshTimer => _refresh ??= CreateTimer(Refresh);

    protected override IoTask Open(IoCall call)
    {
        if (IsTerminal(call))
        {
            call.File.PrivateData = new MatrixTerminal(_picture);
            call.File.NonSeekable();
        }
        return SysResult.Ok();
    }

    protected override async IoTask Read(IoCall call)
    {
        if (IsTerminal(call))
            return Errno.EINVAL;
        Memory<byte> there = PixelsFrom(call);
        long read = there.Length - await call.CopyToUser(there);
        if (read == 0 && there.Length > 0)
            return Errno.EFAULT;
        call.Position += read;
        return read;
    }

    protected override IoTask Write(IoCall call) => IsTerminal(call) ? WriteText(call) : WritePixels(call);

    protected override IoTask Llseek(IoCall call) => call.FixedSizeLlseek(Picture.Bytes);

    protected override IoTask Mmap(IoCall call)
    {
        if (IsTerminal(call))
            return SysResult.Error(Errno.ENODEV);
        if (call.Offset + call.Length > _picture.Memory.Length)
            return SysResult.Error(Errno.EINVAL);
        call.Map(_picture.Memory);
        _mappings++;
        Changed();
        return SysResult.Ok();
    }

    protected override IoTask VmOpen(IoCall call)
    {
        _mappings++;
        return SysResult.Ok();
    }

    // What was written just before the unmapping is drawn by the refresh that is set.
    protected override IoTask VmClose(IoCall call)
    {
        _mappings--;
        return SysResult.Ok();
    }

    protected override IoTask Fsync(IoCall call)
    {
        Draw();
        return SysResult.Ok();
    }

    protected override IoTask Ioctl(IoCall call) => s_commands.Run(this, call);

    // Tables and ints look the same to 32-bit processes.
    protected override IoTask CompatIoctl(IoCall call) => CompatPtrIoctl(call);

    private static bool IsTerminal(IoCall call) => call.File.Number.Minor % Minors == TerminalMinor;

    private Memory<byte> PixelsFrom(IoCall call)
    {
        int position = (int)Math.Min(call.Position, Picture.Bytes);
        return _picture.Memory[position..Picture.Bytes][..(int)Math.Min(call.Count, Picture.Bytes - position)];
    }

    // What reaches beyond the end is written in part, what begins there not at all; a fault ends the write where it happens.
    private async IoTask WritePixels(IoCall call)
    {
        if (call.Count == 0)
            return 0;
        Memory<byte> room = PixelsFrom(call);
        if (room.IsEmpty)
            return Errno.ENOSPC;
        long written = room.Length - await call.CopyFromUser(room);
        if (written == 0)
            return Errno.EFAULT;
        call.Position += written;
        Changed();
        return written;
    }

    private async IoTask WriteText(IoCall call)
    {
        var terminal = (MatrixTerminal)call.File.PrivateData!; // open put it there
        // Of this call alone: another one may write to the same file while this one waits for a page.
        byte[] text = new byte[Math.Min(call.Count, TextBytes)];
        long written = 0;
        while (written < call.Count)
        {
            Memory<byte> next = text.AsMemory(0, (int)Math.Min(call.Count - written, text.Length));
            int fetched = next.Length - (int)await call.CopyFromUser(next, written);
            terminal.Write(text.AsSpan(0, fetched));
            written += fetched;
            Changed();
            if (fetched < next.Length)
                return written > 0 ? written : Errno.EFAULT;
        }
        return written;
    }

    private SysResult SetGamma(GammaTable gamma)
    {
        if (!gamma.IsValid)
            return Errno.EINVAL;
        _picture.Gamma = gamma;
        Changed();
        return 0;
    }

    private SysResult SetRotation(int degrees)
    {
        if (!Picture.IsRotation(degrees))
            return Errno.EINVAL;
        _picture.Rotation = degrees;
        Changed();
        return 0;
    }

    private SysResult Clear()
    {
        _picture.Clear();
        Changed();
        return 0;
    }

    private void Changed()
    {
        if (!RefreshTimer.IsRunning)
            RefreshTimer.Start(MonotonicNs + RefreshNs);
    }

    private IoTask Refresh(InterruptContext _)
    {
        Draw();
        if (_mappings > 0)
            Changed();
        return SysResult.Ok();
    }

    private void Draw()
    {
        _picture.Render(_next);
        if (_next.AsSpan().SequenceEqual(_drawn))
            return;
        _next.CopyTo(_drawn, 0);
        panel.Light(_drawn);
    }
}
