using System.Runtime.InteropServices;

namespace Latmus;

/// <summary>The signals that end a run with its summary, instead of the process: SIGINT, SIGTERM, SIGHUP, SIGALRM.</summary>
internal sealed class EndingSignals : IDisposable
{
    // PosixSignal has no name for it; where there are signals, their numbers are taken too.
    private const PosixSignal SigAlrm = (PosixSignal)14;

    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Begins to catch them.</summary>
    /// <param name="end">Called for each.</param>
    public EndingSignals(Action end)
    {
        List<PosixSignal> signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        if (!OperatingSystem.IsWindows())
            signals.Add(SigAlrm);
        foreach (PosixSignal signal in signals)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                end();
            }));
        }
    }

    /// <summary>Gives them back their effect.</summary>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
}
