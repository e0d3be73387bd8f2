namespace EvlActors.TestKit.Tests;

/// <summary>What an <see cref="OpenerDevice"/> leaves behind when it can't tell its caller what it made.</summary>
public enum OpenerDefect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A descriptor.</summary>
    DescriptorKept,

    /// <summary>A kernel thread.</summary>
    ThreadKept,
}
