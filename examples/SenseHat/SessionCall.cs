using EvlActors;

namespace SenseHat;

/// <summary>A call of a session that was made.</summary>
/// <param name="Text">The call, as it is printed.</param>
/// <param name="Result">Its result, sooner or later.</param>
/// <param name="Got">What it brought if it succeeded, for the output; null: nothing.</param>
internal sealed record SessionCall(string Text, ValueTask<SysResult> Result, Func<SysResult, string?>? Got = null);
