using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.Xbufs;

/// <summary>
/// A cross-buffer as driver code uses it, held by an oob reference: the release of its last descriptor waits for
/// <see cref="Put"/>; once it has begun, a transfer that would sleep gets EIDRM. Counterpart of what <c>evl_get_xbuf</c>
/// returns. Owned by the device that took it.
/// </summary>
public sealed class XbufReference : IDisposable
{
    private readonly EvlFileReference _file;

    private XbufReference(EvlFileReference file) => _file = file;

    /// <summary>Finds the cross-buffer behind a descriptor of the caller and takes a reference. <c>evl_get_xbuf</c>.</summary>
    /// <param name="call">The call whose process the descriptor belongs to.</param>
    /// <param name="efd">The descriptor.</param>
    /// <returns>The reference; null if the descriptor is not open, not an oob file or another class of file, which leaves no
    /// reference behind.</returns>
    public static async IoTask<XbufReference?> Get(IoCall call, int efd)
    {
        EvlFileReference? file = await call.GetFile(efd);
        if (file is null)
            return null;
        if ((file.File.Device.Traits & DeviceTraits.Xbuf) != 0)
            return new XbufReference(file);
        file.Put();
        return null;
    }

    /// <summary>Reads from the outbound ring. <c>evl_read_xbuf</c>.</summary>
    /// <param name="context">Who reads; may block if it is an oob call or a kernel thread.</param>
    /// <param name="buffer">Filled from the ring; its length is the count asked for.</param>
    /// <param name="flags">O_NONBLOCK or nothing; the file's own flag does not matter.</param>
    /// <returns>The bytes read; EPERM if it may block but must not; EINVAL, ENOBUFS, EAGAIN, EINTR, ERESTARTSYS, EIDRM as oob_read.</returns>
    public async IoTask Read(IoContext context, Memory<byte> buffer, OpenFlags flags = default) =>
        await context.Device.Waits.Transfer(context, _file, isWrite: false, buffer, (flags & OpenFlags.NonBlock) != 0);

    /// <summary>Writes to the inbound ring, all or nothing. <c>evl_write_xbuf</c>.</summary>
    /// <param name="context">Who writes; may block if it is an oob call or a kernel thread.</param>
    /// <param name="bytes">What is written; unchanged until the write has ended.</param>
    /// <param name="flags">O_NONBLOCK or nothing; the file's own flag does not matter.</param>
    /// <returns>The bytes written; EPERM if it may block but must not; EINVAL, ENOBUFS, EAGAIN, EINTR, ERESTARTSYS, EIDRM as oob_write.</returns>
    public async IoTask Write(IoContext context, Memory<byte> bytes, OpenFlags flags = default) =>
        await context.Device.Waits.Transfer(context, _file, isWrite: true, bytes, (flags & OpenFlags.NonBlock) != 0);

    /// <summary>Gives the reference back. <c>evl_put_xbuf</c>.</summary>
    /// <exception cref="InvalidOperationException">It was given back before.</exception>
    public void Put() => _file.Put();

    /// <summary>Gives the reference back; a second call does nothing.</summary>
    public void Dispose() => _file.Dispose();
}
