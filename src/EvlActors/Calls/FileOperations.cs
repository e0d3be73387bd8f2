namespace EvlActors;

/// <summary>The operations that a driver overrides, one bit per <see cref="FileOperation"/>.</summary>
/// <param name="Bits">Bit n is set if the operation of value n is there.</param>
public readonly record struct FileOperations(uint Bits)
{
    private const uint OobBits =
        1u << (int)FileOperation.OobRead | 1u << (int)FileOperation.OobWrite | 1u << (int)FileOperation.OobIoctl |
        1u << (int)FileOperation.CompatOobIoctl | 1u << (int)FileOperation.OobPoll;

    /// <summary>Whether any oob operation is there.</summary>
    public bool HasOob => (Bits & OobBits) != 0;

    /// <summary>Whether an operation is there.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>True if the driver overrides it.</returns>
    public bool Has(FileOperation operation) => (Bits & 1u << (int)operation) != 0;

    /// <summary>The same with one more operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The union.</returns>
    public FileOperations With(FileOperation operation) => new(Bits | 1u << (int)operation);
}
