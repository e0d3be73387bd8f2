namespace EvlActors.Calls;

/// <summary>What a <see cref="FileRequest"/> asks for.</summary>
internal enum FileRequestKind : byte
{
    /// <summary>evl_get_file: resolve a descriptor in a table and take an oob reference.</summary>
    GetFile,
    /// <summary>evl_put_file: give an oob reference back. Not answered.</summary>
    PutFile,
    /// <summary>evl_release_file: give the first oob reference back and answer when none is left.</summary>
    ReleaseFile,
    /// <summary>fd_install of a file that a driver made: to the fd table, which spawns it under the lowest free number.</summary>
    InstallFile,
}
