using EvlActors.Drivers;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EvlActors.Tests.Calls;

/// <summary>The log of a machine does not hold its turns up.</summary>
public sealed class TurnLogTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Log_SinkThatBlocks_OobCallsGoOn()
    {
        using var log = new GatedLog();
        var machine = new EvlMachine(new EvlMachineOptions { LoggerFactory = log });
        machine.AddDevice("/dev/throws", () => new ThrowingDevice());
        EvlProcess app = machine.CreateProcess();
        UserThread opener = app.CreateThread();
        UserThread t = app.CreateThread(SchedPolicy.Fifo, 50);
        await t.AttachAsync().OrThrow();
        int bad = await opener.OpenAsync("/dev/throws").OrThrow();
        int xbuf = await opener.CreateXbufAsync(null, 64, 64).OrThrow();
        Assert.Equal(Errno.EIO, (await t.OobReadAsync(bad, new byte[1])).Errno);
        await log.IsWriting.WaitAsync(s_limit);
        Assert.Equal(4, (await t.OobWriteAsync(xbuf, new byte[4]).AsTask().WaitAsync(s_limit)).Value);
        log.Open();
        await machine.DisposeAsync();
        Assert.Contains("/dev/throws failed", log.Line, StringComparison.Ordinal);
    }

    private sealed class ThrowingDevice : CharDevice
    {
        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override IoTask OobRead(IoCall call) => throw new InvalidOperationException("planted");
    }

    private sealed class GatedLog : ILoggerFactory, ILogger
    {
        private readonly ManualResetEventSlim _gate = new();
        private readonly TaskCompletionSource _writing = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsWriting => _writing.Task;

        public string Line { get; private set; } = "";

        public void Open() => _gate.Set();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _writing.TrySetResult();
            Assert.True(_gate.Wait(s_limit));
            Line += formatter(state, exception);
        }

        public void Dispose() => _gate.Dispose();
    }
}
