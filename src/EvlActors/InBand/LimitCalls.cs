using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>getrlimit(2) and setrlimit(2).</summary>
internal static class LimitCalls
{
    /// <summary>RLIMIT_NOFILE can't be raised beyond it, by anybody. Counterpart of <c>fs.nr_open</c>.</summary>
    internal const int MaxDescriptors = 1_048_576;

    /// <summary>Serves one of them; null: it is another call.</summary>
    internal static SysResult? Serve(Call call) => call.Nr switch
    {
        SyscallNumber.Getrlimit => Get(call),
        SyscallNumber.Setrlimit => Set(call),
        _ => null,
    };

    private static SysResult Get(Call call)
    {
        ResourceLimit[] limits = call.Thread.Process.Limits;
        if ((ulong)call.Argument >= (ulong)limits.Length)
            return Errno.EINVAL;
        Span<byte> data = stackalloc byte[ResourceLimit.Bytes];
        limits[call.Argument].WriteTo(data);
        return UserMemory.TryWrite(call.Buffer, data) ? 0 : Errno.EFAULT;
    }

    private static SysResult Set(Call call)
    {
        ResourceLimit[] limits = call.Thread.Process.Limits;
        if ((ulong)call.Argument >= (ulong)limits.Length)
            return Errno.EINVAL;
        Span<byte> data = stackalloc byte[ResourceLimit.Bytes];
        if (!UserMemory.TryRead(call.Buffer, data))
            return Errno.EFAULT;
        ResourceLimit asked = ResourceLimit.ReadFrom(data);
        if (asked.Soft > asked.Hard)
            return Errno.EINVAL;
        if (call.Argument == (long)Resource.MaxFiles && asked.Hard > MaxDescriptors)
            return Errno.EPERM;
        if (asked.Hard > limits[call.Argument].Hard && !call.Credentials.Has(Capabilities.SysResource))
            return Errno.EPERM;
        limits[call.Argument] = asked;
        return 0;
    }
}
