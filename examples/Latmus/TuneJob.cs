using EvlActors;
using EvlActors.Drivers;

namespace Latmus;

/// <summary>RUN after TUNE: a round for each step of the search; the gravity that it finds stays in force and is RUN's result.</summary>
/// <param name="setup">What was asked for; from verbosity 2 on each step is told.</param>
/// <param name="gravity">The clock's gravity.</param>
/// <param name="print">Where the driver prints; null: nowhere.</param>
internal sealed class TuneJob(LatmusSetup setup, ClockGravity gravity, Action<string>? print) : LatmusJob
{
    private TuningRound _round = new((long)setup.Period);

    internal override int ResultSize => TuningResult.Size;

    internal override async IoTask Run(IoCall call, LatmusRunner runner)
    {
        int before = gravity[setup.Type];
        SysResult found = await Search(call, runner);
        gravity[setup.Type] = found.IsError ? before : (int)found.Value;
        return found.IsError ? found : Deliver(call, (int)found.Value);
    }

    internal override IoTask Add(IoContext context, Shot shot, LatmusRunner runner)
    {
        _round.Add(shot);
        if (_round.IsComplete)
            runner.WakeSitter();
        return SysResult.Ok();
    }

    private static SysResult Deliver(IoCall call, int gravity)
    {
        byte[] result = new byte[TuningResult.Size];
        TuningResult.Write(result, gravity);
        return call.RawCopyToUser(result) == 0 ? 0 : Errno.EFAULT;
    }

    private void Tell(TuningStep step)
    {
        if (setup.Verbosity > 1)
            print?.Invoke($"{setup.Type.Label()} gravity {step.Gravity} ns: mean {step.Mean}, deviation {step.StdDev}, min {step.Min} ns");
    }

    private async IoTask Search(IoCall call, LatmusRunner runner)
    {
        var search = new TuningSearch();
        TuningStep step;
        do
        {
            gravity[setup.Type] = search.Gravity;
            _round = new TuningRound((long)setup.Period);
            runner.BeginRound();
            while (!_round.IsComplete)
            {
                if (await runner.Sit(call) is not { IsError: true } woken)
                    continue;
                runner.EndRound();
                return IsInterruption(woken) ? Errno.EINTR : woken;
            }
            runner.EndRound();
            step = _round.Read(search.Gravity);
            Tell(step);
        }
        while (search.Add(step.Mean, step.StdDev, step.Min));
        return search.Result;
    }
}
