namespace EvlActors.Calls;

/// <summary>What the actor that receives a <see cref="PollQuery"/> is asked to do with it. Named after the receiver.</summary>
internal enum PollStep : byte
{
    /// <summary>Fd table or oob stage: find the file of a descriptor and pass the question on; the oob stage watches the number.</summary>
    TableLookUp,
    /// <summary>Open file: take a reference if one is to be held, and pass the question on.</summary>
    FileAsk,
    /// <summary>Device: run the driver's poll, watching the file if asked to.</summary>
    DeviceAsk,
    /// <summary>Oob stage: end the watch of the number, and pass the query on.</summary>
    OobForget,
    /// <summary>Device: end the watch, and pass the query on.</summary>
    DeviceForget,
    /// <summary>Open file: give the reference back; answer when what this led to has ended.</summary>
    FileForget,
    /// <summary>The asker: it is back.</summary>
    Answered,
}
