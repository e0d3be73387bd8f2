using System.Diagnostics;
using System.Reflection;

namespace EvlActors.TestKit;

/// <summary>Names a thread that is not the simulation's, and the code that runs on it.</summary>
internal static class ForeignThread
{
    /// <summary>The calling thread, with the first frame that is neither the machine's nor the runtime's.</summary>
    internal static string Here()
    {
        Thread thread = Thread.CurrentThread;
        string name = thread.IsThreadPoolThread ? "the thread pool" : $"thread {thread.Name ?? thread.ManagedThreadId.ToString()}";
        foreach (StackFrame frame in new StackTrace().GetFrames())
        {
            if (frame.GetMethod() is { DeclaringType: { } type } method && !IsOurs(type))
                return $"{name}, in {NameOf(type, method)}";
        }
        return $"{name}, where something ended that was awaited and is no actor's";
    }

    private static bool IsOurs(Type type) =>
        type.Assembly == typeof(ForeignThread).Assembly || type.Assembly == typeof(EvlMachine).Assembly || type.Assembly == typeof(Task).Assembly;

    // The method of a state machine stands in its type's name: Outer+<Reader>d__5.MoveNext.
    private static string NameOf(Type type, MethodBase method)
    {
        if (type.Name is not ['<', .. var rest] || rest.IndexOf('>', StringComparison.Ordinal) is not (> 0 and var end))
            return $"{type.Name}.{method.Name}";
        return $"{type.DeclaringType?.Name}.{rest[..end]}";
    }
}
