using EvlActors;

namespace Latmus;

/// <summary>In-band threads, each on an OS thread of its own, that read and write a device of their own until it is disposed of.</summary>
internal sealed class InBandLoad : IAsyncDisposable
{
    private readonly List<Task> _threads = [];
    private volatile bool _isOver;

    /// <summary>Starts it.</summary>
    /// <param name="machine">Where the devices and a process of its own are made.</param>
    /// <param name="threads">How many threads.</param>
    public InBandLoad(EvlMachine machine, int threads)
    {
        if (threads == 0)
            return;
        EvlProcess process = machine.CreateProcess();
        for (int i = 0; i < threads; i++)
        {
            string path = $"/dev/latmus-load{i}";
            machine.AddDevice(path, () => new MemoryDevice());
            _threads.Add(process.StartThread(process.CreateThread(name: $"load-{i}"), thread => Hammer(thread, path)));
        }
    }

    /// <summary>Ends it, and waits until it has.</summary>
    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await Task.WhenAll(_threads);
    }

    private void Hammer(UserThread thread, string path)
    {
        byte[] buffer = new byte[MemoryDevice.Size];
        int fd = thread.Open(path).OrThrow();
        while (!_isOver)
        {
            thread.Write(fd, buffer).OrThrow();
            thread.Read(fd, buffer).OrThrow();
        }
    }
}
