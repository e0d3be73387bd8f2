using System.Globalization;
using System.Text;

namespace SenseHat;

/// <summary>One line of a recorded session, cut into words.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Words">Its words; not empty.</param>
internal sealed record SessionLine(int Number, IReadOnlyList<string> Words)
{
    private const string Background = "&";
    private const int MaxSize = 10_000;

    /// <summary>Whether the session goes on before the call has ended.</summary>
    public bool IsBackground => Words[^1] == Background;

    /// <summary>How many words there are, without the mark of the background.</summary>
    public int Count => IsBackground ? Words.Count - 1 : Words.Count;

    /// <summary>The lines of a file, without empty ones and comments.</summary>
    /// <exception cref="SessionException">A quotation does not end, or has an escape that there is not.</exception>
    public static IReadOnlyList<SessionLine> Parse(string text)
    {
        string[] lines = text.Split('\n');
        return [.. lines.Select((line, i) => new SessionLine(i + 1, [.. Cut(line, i + 1)])).Where(line => line.Words.Count > 0)];
    }

    /// <summary>A word.</summary>
    /// <exception cref="SessionException">There are fewer.</exception>
    public string Word(int index) => index < Count ? Words[index] : throw Wrong("it is too short");

    /// <summary>A word, or what is meant if it is left out.</summary>
    public string Word(int index, string absent) => index < Count ? Words[index] : absent;

    /// <summary>The words from one on.</summary>
    public IEnumerable<string> From(int index) => Words.Take(Count).Skip(index);

    /// <summary>A word that is a number.</summary>
    /// <exception cref="SessionException">There are fewer words, or it is none.</exception>
    public int Int(int index) => int.TryParse(Word(index), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
        ? value
        : throw Wrong($"'{Word(index)}' is no number");

    /// <summary>A word that is a small number and not negative.</summary>
    /// <exception cref="SessionException">There are fewer words, or it is none.</exception>
    public int Size(int index) => Int(index) is >= 0 and <= MaxSize and var size ? size : throw Wrong($"'{Word(index)}' is not 0 to {MaxSize}");

    /// <summary>Pixels from a word on to the end of the line: hexadecimal RGB565 each, "f800*3" for three of them.</summary>
    /// <exception cref="SessionException">A word is no pixel.</exception>
    public byte[] Pixels(int from)
    {
        var bytes = new List<byte>();
        foreach (string word in From(from))
        {
            string[] parts = word.Split('*', 2);
            int times = 1;
            if (!ushort.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort pixel)
                || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out times))
                || times > MaxSize)
                throw Wrong($"'{word}' is no pixel");
            for (; times > 0; times--)
                bytes.AddRange([(byte)pixel, (byte)(pixel >> 8)]);
        }
        return [.. bytes];
    }

    /// <summary>What is wrong with this line.</summary>
    public SessionException Wrong(string why) => new(Number, why);

    private static IEnumerable<string> Cut(string line, int number)
    {
        var word = new StringBuilder();
        bool isWord = false;
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (isQuoted && c == '\\')
                word.Append(Unescape(++i < line.Length ? line[i] : ' ', number));
            else if (c == '"')
                (isQuoted, isWord) = (!isQuoted, true);
            else if (isQuoted || !(char.IsWhiteSpace(c) || c == '#'))
                (isWord, _) = (true, word.Append(c));
            else
            {
                if (isWord)
                    yield return word.ToString();
                word.Clear();
                isWord = false;
                if (c == '#')
                    yield break;
            }
        }
        if (isQuoted)
            throw new SessionException(number, "the quotation does not end");
        if (isWord)
            yield return word.ToString();
    }

    private static char Unescape(char c, int number) => c switch
    {
        'e' => '\e',
        'n' => '\n',
        'r' => '\r',
        '"' or '\\' => c,
        _ => throw new SessionException(number, $"there is no escape \\{c}"),
    };
}
