namespace EvlActors.Drivers;

/// <summary>
/// Who may have a device open, decided at open: the ways of the sixth chapter of Linux Device Drivers. A driver takes one in its
/// constructor, <c>Access = OpenPolicy.SingleUser();</c>, and nothing else: the policy is asked before the driver's open handler,
/// and told of each file that is gone and of each open that failed after it, which leaves no trace.
/// </summary>
/// <remarks>
/// It is policy in the driver, and often better left to others: who may use a device at all is said by the node's owner and mode
/// (<see cref="NodeAccess"/>), and an application that wants a device for itself can agree on that with the others. A single open
/// is in the way of an application that uses a device by several processes, and of looking at the device while it is used. Take a
/// policy where two users would damage each other's work. None of them is about descriptors: dup and fork open nothing, so
/// a file that is open works in every process that has it, whoever that runs as.
/// </remarks>
public abstract class OpenPolicy
{
    /// <summary>One open file at a time, whoever has it: the second open answers EBUSY, also the same process's. LDD3's scullsingle.</summary>
    /// <param name="wait">Whether an open waits for the file's last close instead; with O_NONBLOCK it answers EAGAIN.</param>
    /// <returns>The policy, for one device.</returns>
    public static OpenPolicy SingleOpen(bool wait = false) => new SingleOpenPolicy(wait);

    /// <summary>
    /// One user at a time, with any number of files: the real uid of the first opener owns the device until the last file is
    /// closed. Others get EBUSY, unless their effective uid is the owner's or they have CAP_DAC_OVERRIDE; that makes
    /// nobody the owner. LDD3's sculluid and scullwuid.
    /// </summary>
    /// <param name="wait">Whether others wait for the last close instead, and try again; with O_NONBLOCK they get EAGAIN.</param>
    /// <returns>The policy, for one device.</returns>
    public static OpenPolicy SingleUser(bool wait = false) => new SingleUserPolicy(wait);

    /// <summary>
    /// A private device for each key, such as <c>call => call.ControllingTerminal</c>, <c>call.Session</c> or <c>call.Pid</c>: the
    /// driver finds it in the file's <see cref="EvlFile.PrivateData"/>. Opens with one key share it, those under way at the same
    /// time too. LDD3's scullpriv.
    /// </summary>
    /// <typeparam name="TState">What is private.</typeparam>
    /// <param name="key">The key of an opener; 0: it has none and gets EINVAL.</param>
    /// <param name="make">Makes the private device of a new key; out of memory is ENOMEM.</param>
    /// <param name="persists">Whether it outlives its last file, for the next open with the key, as long as the device lives.</param>
    /// <returns>The policy, for one device.</returns>
    public static OpenPolicy Clone<TState>(Func<IoCall, long> key, Func<TState> make, bool persists = true)
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(make);
        return new ClonePolicy<TState>(key, make, persists);
    }

    /// <summary>A file is being opened; in-band, in a turn of the device, may sleep interruptibly. Testing and taking are one
    /// step as long as nothing is awaited between them.</summary>
    /// <param name="call">The open.</param>
    /// <returns>0; the errno that the open answers: the driver's handler is not called.</returns>
    protected internal abstract IoTask Enter(IoCall call);

    /// <summary>A file that was let in is gone: its release has ended, or its open has failed. In a turn of the device.</summary>
    /// <param name="file">The file.</param>
    protected internal abstract void Leave(EvlFile file);

    /// <summary>The driver's open has succeeded for a file that was let in.</summary>
    /// <param name="file">The file.</param>
    protected internal virtual void Opened(EvlFile file)
    {
    }
}
