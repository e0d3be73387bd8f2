namespace EvlActors.Calls;

/// <summary>Who asks files what they are ready for: hears the answers and, between them, of what happened. In turns of its actor.</summary>
internal interface IPollAsker
{
    /// <summary>A question, or the end of a watch, is back.</summary>
    void OnAnswer(PollQuery query);

    /// <summary>Something happened to a file that is watched; ahead of every answer that was sent later.</summary>
    void OnNotice(PollNotice notice);
}
