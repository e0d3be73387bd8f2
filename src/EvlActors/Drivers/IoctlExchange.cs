namespace EvlActors.Drivers;

/// <summary>Carries an _IOWR command out: takes what the application passed and leaves what it gets.</summary>
/// <typeparam name="TTarget">What the command acts on.</typeparam>
/// <typeparam name="T">The argument.</typeparam>
/// <param name="target">What the command acts on.</param>
/// <param name="call">The call.</param>
/// <param name="value">What the application passed; what is left here is stored back unless an errno is returned.</param>
/// <returns>0 or a value; an errno.</returns>
public delegate SysResult IoctlExchange<in TTarget, T>(TTarget target, IoCall call, ref T value)
    where T : unmanaged;
