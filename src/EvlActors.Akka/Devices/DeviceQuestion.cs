using Akka.Actor;

namespace EvlActors.Akka.Devices;

/// <summary>One request on its way to the actor that is a device, and its answer.</summary>
internal sealed class DeviceQuestion
{
    private readonly IActorRef _actor;
    private readonly DeviceRequest _request;
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Asks.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="stopped">Completes when the actor has stopped.</param>
    internal DeviceQuestion(IActorRef actor, DeviceRequest request, TimeSpan timeout, Task stopped)
    {
        _actor = actor;
        _request = request;
        Answered = Ask(timeout, stopped);
    }

    /// <summary>The answer; EIO if there was none that is one. Never faults.</summary>
    internal Task<DeviceReply> Answered { get; }

    /// <summary>Nobody waits for the answer any more.</summary>
    internal void Cancel()
    {
        _actor.Tell(new DeviceInterrupted(_request), ActorRefs.NoSender);
        _givenUp.TrySetResult();
    }

    private async Task<DeviceReply> Ask(TimeSpan timeout, Task stopped)
    {
        using var cancellation = new CancellationTokenSource();
        Task<object> asked = _actor.Ask<object>(_request, timeout, cancellation.Token);
        await Task.WhenAny(asked, stopped, _givenUp.Task).ConfigureAwait(false);
        if (!asked.IsCompleted)
            await cancellation.CancelAsync().ConfigureAwait(false);
        try
        {
            return await asked.ConfigureAwait(false) as DeviceReply ?? DeviceReply.Error(Errno.EIO);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No answer in time, or a failure for an answer.
            return DeviceReply.Error(Errno.EIO);
        }
    }
}
