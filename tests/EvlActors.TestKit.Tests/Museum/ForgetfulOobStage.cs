using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.OutOfBand;

namespace EvlActors.TestKit.Tests;

/// <summary>
/// The out-of-band stage with the replace hook as it once was: dup2 of a file without oob context onto a descriptor of one that has it
/// was no business of the core's, so the index kept the old file.
/// </summary>
internal sealed class ForgetfulOobStage : Actor
{
    private readonly OobStage _stage = new();

    protected internal override void Receive(Message message)
    {
        if (message is Call { Step: CallStep.OobReplace, NewFile: null, File: { } old } call)
            call.PassTo(old.Actor, CallStep.FileDrop, Rank.InBand);
        else
            _stage.Receive(message);
    }
}
