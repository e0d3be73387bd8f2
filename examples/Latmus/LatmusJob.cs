using EvlActors;
using EvlActors.Drivers;

namespace Latmus;

/// <summary>What RUN does with a runner: measure or tune.</summary>
internal abstract class LatmusJob
{
    /// <summary>How long RUN's argument must be, exactly.</summary>
    internal abstract int ResultSize { get; }

    /// <summary>RUN, once its argument and the runner were found fit.</summary>
    internal abstract IoTask Run(IoCall call, LatmusRunner runner);

    /// <summary>A responder has answered a shot of the round.</summary>
    internal abstract IoTask Add(IoContext context, Shot shot, LatmusRunner runner);

    /// <summary>Whether the wait was ended from outside, as opposed to the runner or its device having gone.</summary>
    protected static bool IsInterruption(SysResult woken) => woken.Errno is Errno.EINTR or Errno.ERESTARTSYS;
}
