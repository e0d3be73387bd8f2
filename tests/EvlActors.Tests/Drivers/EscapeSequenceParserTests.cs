using System.Text;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Tests.Drivers;

/// <summary>The rules of control by writing.</summary>
public sealed class EscapeSequenceParserTests
{
    private readonly EscapeSequenceParser _parser = new();

    [Fact]
    public void Next_TextAmongSequences_PartsInOrder() =>
        Assert.Equal(["text 'ab'", "sequence m 31", "text 'cd'", "sequence c", "text 'e'"], Write("ab\x1b[31mcd\x1b\x63" + "e"));

    [Fact]
    public void Next_SequenceSplitAnywhere_ComesOutWhole()
    {
        const string sequence = "\x1b[1;22H";
        for (int split = 1; split < sequence.Length; split++)
        {
            Assert.Equal(["begun"], Write(sequence[..split]));
            Assert.True(_parser.IsInSequence);
            Assert.Equal(["sequence H 1 22", "text 'x'"], Write(sequence[split..] + "x"));
            Assert.False(_parser.IsInSequence);
        }
    }

    [Fact]
    public void Next_OneByteAtATime_ComesOutWhole()
    {
        string[] parts = [.. "a\x1b[7m".SelectMany(c => Write(c.ToString()))];
        Assert.Equal(["text 'a'", "begun", "begun", "begun", "sequence m 7"], parts);
    }

    [Theory]
    [InlineData("\x1b[3\nx", "dropped|text '\nx'")]
    [InlineData("\x1b\x1b[0m", "dropped|sequence m 0")]
    [InlineData("\x1b[ 1m", "dropped|text '1m'")]
    public void Next_BrokenOff_DroppedAndTheByteLookedAtAfresh(string written, string parts) =>
        Assert.Equal(parts.Split('|'), Write(written));

    [Fact]
    public void Next_BrokenOffByTheNextWrite_DroppedWithoutTakingAByte()
    {
        Assert.Equal(["begun"], Write("\x1b["));
        Assert.Equal(["dropped", "text '\n'"], Write("\n"));
    }

    [Fact]
    public void Next_LongerThanTheLimit_Dropped()
    {
        var parser = new EscapeSequenceParser(maxLength: 4);
        Assert.Equal(EscapePartKind.Sequence, parser.Next("\x1b[1m"u8).Kind);
        EscapePart part = parser.Next("\x1b[123m"u8);
        Assert.Equal((EscapePartKind.Dropped, 4), (part.Kind, part.Consumed));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EscapeSequenceParser(1));
    }

    [Fact]
    public void Parameter_AbsentEmptyNoNumberOrHuge_DefaultOrLimit()
    {
        EscapePart part = _parser.Next("\x1b[5;;?;99999999999m"u8);
        Assert.Equal([5, 9, 9, int.MaxValue, 9], new[] { part.Parameter(0, 9), part.Parameter(1, 9), part.Parameter(2, 9), part.Parameter(3, 9), part.Parameter(4, 9) });
        Assert.True(part.IsControl);
        Assert.False(_parser.Next("\x1bM"u8).IsControl);
    }

    [Fact]
    public void Parameter_BeforeIntermediates_IsTheNumberAlone()
    {
        EscapePart part = _parser.Next("\x1b[2;7 q"u8);
        Assert.Equal(('q', 2, 7, 9), (part.Command, part.Parameter(0), part.Parameter(1), part.Parameter(2, 9)));
    }

    [Fact]
    public void Reset_InASequence_ForgetsIt()
    {
        Write("\x1b[1");
        _parser.Reset();
        Assert.Equal(["text 'm'"], Write("m"));
    }

    [Fact]
    public void Next_Nothing_Throws() => Assert.Throws<ArgumentException>(() => _parser.Next(default));

    private List<string> Write(string text)
    {
        var parts = new List<string>();
        for (ReadOnlySpan<byte> rest = Encoding.Latin1.GetBytes(text); !rest.IsEmpty;)
        {
            EscapePart part = _parser.Next(rest);
            string said = part.Kind.ToString().ToLowerInvariant();
            if (part.Kind == EscapePartKind.Text)
                said += $" '{Encoding.Latin1.GetString(part.Bytes)}'";
            if (part.Kind == EscapePartKind.Sequence)
            {
                said += $" {part.Command}";
                for (int i = 0; part.Parameter(i, -1) >= 0; i++)
                    said += $" {part.Parameter(i)}";
            }
            parts.Add(said);
            rest = rest[part.Consumed..];
        }
        return parts;
    }
}
