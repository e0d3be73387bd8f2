namespace EvlActors;

/// <summary>Turns the result of an asynchronous call into a value or an exception.</summary>
public static class SysResultTasks
{
    /// <summary>Awaits a call and returns its value as an int, such as a descriptor.</summary>
    /// <param name="call">The call under way.</param>
    /// <returns>The value.</returns>
    /// <exception cref="EvlException">The call failed; it carries the errno and the call.</exception>
    public static async ValueTask<int> OrThrow(this ValueTask<SysResult> call) => (await call.ConfigureAwait(true)).OrThrow();
}
