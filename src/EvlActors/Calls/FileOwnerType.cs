namespace EvlActors;

/// <summary>What an open file tells of its events, with the values of Linux. The types of <c>struct f_owner_ex</c>.</summary>
public enum FileOwnerType
{
    /// <summary>F_OWNER_TID: one thread.</summary>
    Tid = 0,
    /// <summary>F_OWNER_PID: a process.</summary>
    Pid = 1,
    /// <summary>F_OWNER_PGRP: every process of a group.</summary>
    Pgrp = 2,
}
