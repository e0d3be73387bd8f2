namespace EvlActors.Drivers;

/// <summary>The golden rule: out-of-band code uses EVL services only, and what may sleep in them is out-of-band.</summary>
internal static class StageCheck
{
    /// <summary>An in-band service.</summary>
    internal static void InBand(IoContext context, string service)
    {
        if (context.IsOob)
            throw Wrong(context, service, "in-band");
    }

    /// <summary>An in-band service that is not told who calls.</summary>
    internal static void InBand(string service)
    {
        if (AsyncActor.Current?.TurnContext is { } context)
            InBand(context, service);
    }

    /// <summary>An EVL service that puts its caller to sleep.</summary>
    internal static void OutOfBand(IoContext context, string service)
    {
        if (!context.IsOob)
            throw Wrong(context, service, "out-of-band");
    }

    /// <summary>A service that puts its caller to sleep on either stage.</summary>
    internal static void MaySleep(IoContext context, string service)
    {
        if (!context.CanSleep)
            throw Wrong(context, service, "sleeping");
    }

    /// <summary>A service that puts its caller to sleep at times: refused in an atomic section every time, so that a driver's author
    /// hears of it at the first call and not when it happens to sleep. Counterpart of <c>might_sleep</c>.</summary>
    internal static void MightSleep(IoContext context, string service)
    {
        if (context.Held.Count > 0)
            throw context.SleepInAtomic($": {service} may sleep");
    }

    private static WrongStageException Wrong(IoContext context, string service, string allowed)
    {
        var wrong = new WrongStageException(context.Device.Ref.Name, context.HandlerName, service, allowed);
        context.Device.Context.Events.Emit(MachineEventKind.DriverWarning, context.Call, detail: wrong.Message);
        return wrong;
    }
}
