namespace EvlActors.Actors;

/// <summary>An engine that can say how much waits in a stage.</summary>
internal interface IInBandWork
{
    /// <summary>How many in-band-ranked messages wait in the actors of a stage, or did a moment ago. Any thread.</summary>
    int InBandWorkOf(Placement stage);
}
