using System.Runtime.InteropServices;

namespace Latmus;

/// <summary>
/// The signals that end a run with its summary, instead of the process: SIGINT, SIGTERM, SIGHUP, SIGALRM. A SIGINT that comes
/// after one of them ends the process at once: whoever presses Ctrl-C again does not want to wait for the end.
/// </summary>
internal sealed class EndingSignals : IDisposable
{
    // PosixSignal has no name for it; where there are signals, their numbers are taken too.
    private const PosixSignal SigAlrm = (PosixSignal)14;

    private readonly CancellationTokenSource _came = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    /// <summary>Begins to catch them.</summary>
    public EndingSignals()
    {
        List<PosixSignal> signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        if (!OperatingSystem.IsWindows())
            signals.Add(SigAlrm);
        foreach (PosixSignal signal in signals)
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    /// <summary>Cancelled by the first of them.</summary>
    public CancellationToken Came => _came.Token;

    /// <summary>Gives them back their effect.</summary>
    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _came.Dispose();
    }

    /// <summary>One of them has come. Any thread.</summary>
    internal void Handle(PosixSignalContext context)
    {
        bool isFirst = Interlocked.Increment(ref _count) == 1;
        context.Cancel = isFirst || context.Signal != PosixSignal.SIGINT;
        if (isFirst)
            _came.Cancel();
    }
}
