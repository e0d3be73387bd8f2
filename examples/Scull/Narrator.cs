using EvlActors;

namespace Scull;

/// <summary>Tells line by line what a demonstration does and what came back.</summary>
internal sealed class Narrator(TextWriter output)
{
    public void Title(string name, string what)
    {
        output.WriteLine();
        output.WriteLine($"{name}: {what}");
    }

    public void Say(string what) => output.WriteLine($"  # {what}");

    /// <summary>A call and its result, as strace shows it.</summary>
    public SysResult Tell(string call, SysResult result)
    {
        output.WriteLine(result.IsError ? $"  {call} = -1 {result.Errno}" : $"  {call} = {result.Value}");
        return result;
    }

    public async ValueTask<SysResult> Tell(string call, ValueTask<SysResult> result) => Tell(call, await result);
}
