using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EvlActors.Drivers;

/// <summary>
/// Access of a handler to single values in its call's user memory, as <c>asm/uaccess.h</c> has it; blocks of bytes are
/// <see cref="IoCall.CopyToUser"/> and its like. What faults in part transfers nothing.
/// </summary>
/// <remarks>
/// The plain forms test that the memory lies in user space, may wait for a slow page, and are for in-band handlers. The unchecked
/// ones leave the test to an <see cref="AccessOk"/> before them: without it, an application that passes an address of the kernel
/// has the driver read or overwrite the kernel's memory. The raw ones don't test either, and never wait: any handler.
/// </remarks>
public static class UserAccess
{
    /// <summary>
    /// Whether a range of the call's user memory lies in user space. <c>access_ok</c>. It may still be unmapped: the access itself
    /// says so.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="size">The bytes of the range.</param>
    /// <returns>False: answer EFAULT.</returns>
    public static bool AccessOk(this IoCall call, long size)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Buffer.IsInUserSpace && size >= 0;
    }

    /// <summary>Stores a value. <c>put_user</c>; in-band, may wait for a slow page.</summary>
    /// <typeparam name="T">Its type; of the kernel's own, those of 1, 2, 4 and 8 bytes.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="value">The value.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>0; EFAULT.</returns>
    /// <exception cref="WrongStageException">The handler runs out-of-band: use <see cref="RawPutUser"/>.</exception>
    public static IoTask PutUser<T>(this IoCall call, T value, long offset = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(call);
        StageCheck.InBand(call, nameof(PutUser));
        StageCheck.MightSleep(call, nameof(PutUser));
        return call.Buffer.IsInUserSpace ? UncheckedPutUser(call, value, offset) : SysResult.Error(Errno.EFAULT);
    }

    /// <summary>Fetches a value. <c>get_user</c>; in-band, may wait for a slow page.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>The value; null: answer EFAULT.</returns>
    /// <exception cref="WrongStageException">The handler runs out-of-band: use <see cref="RawGetUser"/>.</exception>
    public static IoTask<T?> GetUser<T>(this IoCall call, long offset = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(call);
        StageCheck.InBand(call, nameof(GetUser));
        StageCheck.MightSleep(call, nameof(GetUser));
        return call.Buffer.IsInUserSpace ? UncheckedGetUser<T>(call, offset) : (T?)null;
    }

    /// <summary>Stores a value without testing that the memory lies in user space. <c>__put_user</c>; after
    /// <see cref="AccessOk"/>; in-band, may wait for a slow page.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="value">The value.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>0; EFAULT.</returns>
    /// <exception cref="WrongStageException">The handler runs out-of-band: use <see cref="RawPutUser"/>.</exception>
    public static IoTask UncheckedPutUser<T>(this IoCall call, T value, long offset = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(call);
        StageCheck.InBand(call, nameof(UncheckedPutUser));
        StageCheck.MightSleep(call, nameof(UncheckedPutUser));
        UserBuffer buffer = call.Buffer;
        if (call.FaultsAt("put_user", Unsafe.SizeOf<T>()))
            return SysResult.Error(Errno.EFAULT);
        return buffer.Behaviour?.Stall is { IsCompleted: false } stall ? PutAfter(stall, buffer, value, offset) : Put(buffer, value, offset);
    }

    /// <summary>Fetches a value without testing that the memory lies in user space. <c>__get_user</c>; after
    /// <see cref="AccessOk"/>; in-band, may wait for a slow page.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>The value; null: answer EFAULT.</returns>
    /// <exception cref="WrongStageException">The handler runs out-of-band: use <see cref="RawGetUser"/>.</exception>
    public static IoTask<T?> UncheckedGetUser<T>(this IoCall call, long offset = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(call);
        StageCheck.InBand(call, nameof(UncheckedGetUser));
        StageCheck.MightSleep(call, nameof(UncheckedGetUser));
        UserBuffer buffer = call.Buffer;
        if (call.FaultsAt("get_user", Unsafe.SizeOf<T>()))
            return (T?)null;
        return buffer.Behaviour?.Stall is { IsCompleted: false } stall ? GetAfter<T>(stall, buffer, offset) : Get<T>(buffer, offset);
    }

    /// <summary>Stores a value without testing and without waiting. <c>raw_put_user</c>; any handler.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="value">The value.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>0; EFAULT, also for a page that is not there yet.</returns>
    public static SysResult RawPutUser<T>(this IoCall call, T value, long offset = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(call);
        UserBuffer buffer = call.Buffer;
        bool faults = buffer.Behaviour?.Stall is { IsCompleted: false } || call.FaultsAt("raw_put_user", Unsafe.SizeOf<T>());
        return faults ? Errno.EFAULT : Put(buffer, value, offset);
    }

    /// <summary>Fetches a value without testing and without waiting. <c>raw_get_user</c>; any handler.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>The value; null: answer EFAULT, also for a page that is not there yet.</returns>
    public static T? RawGetUser<T>(this IoCall call, long offset = 0)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(call);
        UserBuffer buffer = call.Buffer;
        bool faults = buffer.Behaviour?.Stall is { IsCompleted: false } || call.FaultsAt("raw_get_user", Unsafe.SizeOf<T>());
        return faults ? null : Get<T>(buffer, offset);
    }

    private static async IoTask PutAfter<T>(Task stall, UserBuffer buffer, T value, long offset)
        where T : unmanaged
    {
        await IoCall.Arrival(stall);
        return stall.IsCompletedSuccessfully ? Put(buffer, value, offset) : Errno.EFAULT;
    }

    private static async IoTask<T?> GetAfter<T>(Task stall, UserBuffer buffer, long offset)
        where T : unmanaged
    {
        await IoCall.Arrival(stall);
        return stall.IsCompletedSuccessfully ? Get<T>(buffer, offset) : null;
    }

    private static SysResult Put<T>(UserBuffer buffer, T value, long offset)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        if (buffer.Mapped(offset, size) < size)
            return Errno.EFAULT;
        MemoryMarshal.Write(buffer.Bytes[(int)offset..], in value);
        return 0;
    }

    private static T? Get<T>(UserBuffer buffer, long offset)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        return buffer.Mapped(offset, size) < size ? null : MemoryMarshal.Read<T>(buffer.Bytes[(int)offset..]);
    }
}
