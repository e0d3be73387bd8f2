namespace EvlActors;

/// <summary>A descriptor in a <see cref="MachineSnapshot"/>.</summary>
/// <param name="Fd">The number.</param>
/// <param name="File">The id of the open file description, as in events.</param>
/// <param name="CloseOnExec">Whether exec closes it.</param>
public sealed record DescriptorSnapshot(int Fd, long File, bool CloseOnExec)
{
    /// <summary>Such as "fd 3: file 7, close-on-exec".</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"fd {Fd}: file {File}{(CloseOnExec ? ", close-on-exec" : "")}";
}
