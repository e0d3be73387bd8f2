namespace EvlActors.Calls;

/// <summary>A user thread as its application has it: what the thread's actor asks of that side.</summary>
internal interface IThreadFace
{
    /// <summary>Runs the signal handler of a call that no body awaits, and sends the call back.</summary>
    /// <param name="call">The call.</param>
    void RunHandler(Call call);

    /// <summary>The thread is dead, or its engine has stopped it alive. In a turn of its actor, more than once.</summary>
    void Ended();
}
