using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>/dev/console: reads give end of file, writes go to the machine's console writer.</summary>
internal sealed class ConsoleDevice(TextWriter? writer) : CharDevice
{
    /// <inheritdoc/>
    /// <remarks>The writer is the code of whoever made the machine.</remarks>
    internal override bool RunsUserCode => writer is not null;

    /// <inheritdoc/>
    protected internal override IoTask Read(IoCall call) => SysResult.Ok();

    /// <inheritdoc/>
    protected internal override async IoTask Write(IoCall call)
    {
        byte[] text = new byte[Math.Min(call.Count, 65536)];
        if (await call.CopyFromUser(text) != 0)
            return Errno.EFAULT;
        writer?.Write(System.Text.Encoding.UTF8.GetString(text));
        return text.Length;
    }
}
