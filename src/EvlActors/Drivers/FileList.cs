namespace EvlActors.Drivers;

/// <summary>The open files of a device, the latest first. Owned by the device.</summary>
internal struct FileList
{
    internal EvlFile? First { get; private set; }

    internal void Add(EvlFile file)
    {
        file.Next = First;
        if (First is not null)
            First.Previous = file;
        First = file;
    }

    internal void Remove(EvlFile file)
    {
        if (file.Previous is null)
            First = file.Next;
        else
            file.Previous.Next = file.Next;
        if (file.Next is not null)
            file.Next.Previous = file.Previous;
    }
}
