using EvlActors;
using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace Latmus;

/// <summary>
/// RUN after MEASURE: sends a measurement each second until it is interrupted, then gives the last, partial one and the
/// histogram.
/// </summary>
internal sealed class MeasureJob(LatmusSetup setup) : LatmusJob
{
    private readonly MeasurementRound _round = new((long)setup.Period, (int)setup.Hcells);
    private MeasurementSink? _sink;

    internal override int ResultSize => LatmusResult.Size((int)setup.Hcells);

    internal override async IoTask Run(IoCall call, LatmusRunner runner)
    {
        XbufReference? xbuf = await XbufReference.Get(call, setup.Xfd);
        if (xbuf is null)
            return Errno.EBADF;
        var sink = new MeasurementSink(xbuf);
        _sink = sink;
        _round.Begin(runner.BeginRound());
        SysResult woken;
        do
            woken = await runner.Sit(call);
        while (!woken.IsError);
        runner.EndRound();
        sink.Close();
        return IsInterruption(woken) ? Deliver(call) : woken;
    }

    internal override IoTask Add(IoContext context, Shot shot, LatmusRunner runner) =>
        _round.Add(shot) && _sink is { } sink ? sink.Send(context, _round.Take()) : SysResult.Ok();

    private SysResult Deliver(IoCall call)
    {
        byte[] result = new byte[ResultSize];
        LatmusResult.Write(result, _round.Take(), _round.Histogram);
        return call.RawCopyToUser(result) == 0 ? 0 : Errno.EFAULT;
    }
}
