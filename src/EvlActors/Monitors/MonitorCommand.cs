namespace EvlActors.Monitors;

/// <summary>The requests that semaphores and flags take. The values are EVL's EVL_MONIOC_*, but for <see cref="Peek"/>.</summary>
internal static class MonitorCommand
{
    /// <summary>Waits; out-of-band only. For flags: for some of the bits.</summary>
    internal const uint Wait = 0xc0186d03;

    /// <summary>Tests that an element is what it was opened as.</summary>
    internal const uint Bind = 0x80106d05;

    /// <summary>evl_put_sem, evl_post_flags.</summary>
    internal const uint Signal = 0x40046d06;

    /// <summary>evl_flush_sem, evl_broadcast_flags.</summary>
    internal const uint Broadcast = 0x40046d07;

    internal const uint TryWait = 0xc0046d08;

    /// <summary>As <see cref="TryWait"/>, for all of the bits.</summary>
    internal const uint TryWaitExact = 0xc0046d09;

    /// <summary>As <see cref="Wait"/>, for all of the bits.</summary>
    internal const uint WaitExact = 0xc0186d0a;

    /// <summary>The value: libevl reads it from memory that it shares with the core, which nobody has here.</summary>
    internal const uint Peek = 0x6d7f;
}
