namespace EvlActors.Drivers;

/// <summary>
/// Driver code called a service that its stage may not use: an in-band service out-of-band, or a sleeping EVL service in-band or
/// in an interrupt. Unhandled, it fails the device.
/// </summary>
public sealed class WrongStageException : InvalidOperationException
{
    internal WrongStageException(string device, string handler, string service, string allowed)
        : base($"{device}: {handler} called {service}, which is for {allowed} callers only.")
    {
        Handler = handler;
        Service = service;
        Allowed = allowed;
    }

    /// <summary>The handler, kernel thread or timer that called.</summary>
    public string Handler { get; }

    /// <summary>The service that it called.</summary>
    public string Service { get; }

    /// <summary>Who may call it: "in-band", "out-of-band" or "sleeping".</summary>
    public string Allowed { get; }
}
