namespace EvlActors.Akka.Devices;

/// <summary>The answer to a <see cref="DeviceRequest"/>.</summary>
/// <param name="Result">The result.</param>
/// <param name="Data">The bytes of a read; their number is then its value. Not changed after it was sent.</param>
public sealed record DeviceReply(SysResult Result, ReadOnlyMemory<byte> Data = default)
{
    /// <summary>Success.</summary>
    /// <param name="value">What the call returns; 0 by default.</param>
    /// <returns>The reply.</returns>
    public static DeviceReply Ok(long value = 0) => new(SysResult.Ok(value));

    /// <summary>An error.</summary>
    /// <param name="errno">Which.</param>
    /// <returns>The reply.</returns>
    public static DeviceReply Error(Errno errno) => new(SysResult.Error(errno));

    /// <summary>The bytes of a read.</summary>
    /// <param name="data">The bytes, as many as were asked for at most; none is the end of the file.</param>
    /// <returns>The reply.</returns>
    public static DeviceReply Bytes(ReadOnlyMemory<byte> data) => new(SysResult.Ok(data.Length), data);
}
