namespace EvlActors.Drivers;

/// <summary>In which order a wait queue keeps its waiters.</summary>
public enum WaitOrder
{
    /// <summary>By priority, in order of arrival among equals; EVL_WAIT_PRIO.</summary>
    Priority,
    /// <summary>In order of arrival; EVL_WAIT_FIFO.</summary>
    Fifo,
}
