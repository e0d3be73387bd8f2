namespace Latmus;

/// <summary>How a context is shown.</summary>
internal static class LatmusContextExtensions
{
    /// <summary>The name in the heading and in the histogram file.</summary>
    public static string Label(this LatmusContext context) => context switch
    {
        LatmusContext.Irq => "irq",
        LatmusContext.Kern => "kernel",
        LatmusContext.User => "user",
        LatmusContext.Sirq => "sirq",
        _ => throw new ArgumentOutOfRangeException(nameof(context), context, "Not a context of latmus."),
    };

    /// <summary>Whether a thread responds, so that its priority is worth showing.</summary>
    public static bool HasThread(this LatmusContext context) => context is LatmusContext.Kern or LatmusContext.User;
}
