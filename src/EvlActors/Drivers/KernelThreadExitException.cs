namespace EvlActors.Drivers;

/// <summary>
/// Thrown into a kernel thread that stops itself: <see cref="KernelThread.Stop"/> does not return to it. Its <c>finally</c> blocks
/// run, and the machine catches it as the end of the thread.
/// </summary>
public sealed class KernelThreadExitException : Exception
{
    internal KernelThreadExitException(string name)
        : base($"Kernel thread {name} stops itself.")
    {
    }
}
