using System.Runtime.InteropServices;

namespace Latmus.Tests;

public sealed class EndingSignalsTests
{
    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGHUP)]
    [InlineData((PosixSignal)14)]
    public void Handle_First_EndsTheRunAndNotTheProcess(PosixSignal signal)
    {
        using var signals = new EndingSignals();
        var context = new PosixSignalContext(signal);

        signals.Handle(context);

        Assert.True(context.Cancel);
        Assert.True(signals.Came.IsCancellationRequested);
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public void Handle_SigintAfterAnother_HasItsEffect(PosixSignal first)
    {
        using var signals = new EndingSignals();
        signals.Handle(new PosixSignalContext(first));
        var second = new PosixSignalContext(PosixSignal.SIGINT);

        signals.Handle(second);

        Assert.False(second.Cancel);
    }

    [Fact]
    public void Handle_SigtermTwice_StillEndsWithTheSummary()
    {
        using var signals = new EndingSignals();
        signals.Handle(new PosixSignalContext(PosixSignal.SIGTERM));
        var second = new PosixSignalContext(PosixSignal.SIGTERM);

        signals.Handle(second);

        Assert.True(second.Cancel);
    }
}
