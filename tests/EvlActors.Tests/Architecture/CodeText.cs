using System.Text;

namespace EvlActors.Tests.Architecture;

/// <summary>
/// Takes comments and literals out of C# source. What an interpolated string computes is code and stays; line ends stay, so
/// that declarations still begin their lines.
/// </summary>
internal sealed class CodeText
{
    private readonly string _text;
    private readonly StringBuilder _code;
    private int _at;

    private CodeText(string text)
    {
        _text = text;
        _code = new StringBuilder(text.Length);
    }

    internal static string Of(string source)
    {
        var text = new CodeText(source);
        text.Code(untilBrace: false);
        return text._code.ToString();
    }

    private bool Follows(string token) => string.CompareOrdinal(_text, _at, token, 0, token.Length) == 0;

    private int Run(char c)
    {
        int length = 0;
        while (_at + length < _text.Length && _text[_at + length] == c)
            length++;
        return length;
    }

    private void SkipTo(string end)
    {
        int found = _text.IndexOf(end, _at, StringComparison.Ordinal);
        _at = found < 0 ? _text.Length : found;
    }

    // untilBrace: the code of an interpolation, up to the brace that closes it; its own braces would unbalance the file's.
    private void Code(bool untilBrace)
    {
        int depth = 0;
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (Follows("//"))
            {
                SkipTo("\n");
            }
            else if (Follows("/*"))
            {
                SkipTo("*/");
                _at = Math.Min(_at + 2, _text.Length);
            }
            else if (c == '\'')
            {
                Character();
            }
            else if (c == '"' || ((c is '$' or '@') && StartsString()))
            {
                String();
            }
            else
            {
                if (untilBrace && c == '}' && depth == 0)
                    return;
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                _code.Append(untilBrace && c is ('{' or '}') ? ' ' : c);
                _at++;
            }
        }
    }

    private bool StartsString()
    {
        int quote = _at;
        while (quote < _text.Length && _text[quote] is '$' or '@')
            quote++;
        return quote < _text.Length && _text[quote] == '"';
    }

    private void Character()
    {
        _at++;
        while (_at < _text.Length && _text[_at] != '\'')
            _at += _text[_at] == '\\' ? 2 : 1;
        _at++;
        _code.Append(' ');
    }

    private void String()
    {
        int dollars = 0;
        bool isVerbatim = false;
        for (; _text[_at] != '"'; _at++)
        {
            dollars += _text[_at] == '$' ? 1 : 0;
            isVerbatim |= _text[_at] == '@';
        }
        int quotes = Run('"');
        bool isRaw = quotes >= 3;
        if (!isRaw)
            quotes = 1;
        _at += quotes;
        _code.Append(' ');
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (c == '"' && Run('"') >= quotes && !(isVerbatim && Run('"') >= 2))
            {
                _at += isRaw ? Run('"') : 1;
                return;
            }
            if (c == '"')
            {
                _at += Run('"') >= 2 && isVerbatim ? 2 : 1;
            }
            else if (c == '\\' && !isRaw && !isVerbatim)
            {
                _at += 2;
            }
            else if (c == '{' && dollars > 0)
            {
                Interpolation(isRaw ? dollars : 1, isRaw);
            }
            else
            {
                _at++;
            }
        }
    }

    private void Interpolation(int braces, bool isRaw)
    {
        int run = Run('{');
        // {{ is a brace of the text; a raw string says by its dollars how many begin a hole, what is more is text before it.
        if (run < braces || (!isRaw && run % 2 == 0))
        {
            _at += run;
            return;
        }
        _at += run;
        _code.Append(' ');
        Code(untilBrace: true);
        _code.Append(' ');
        _at += Math.Min(braces, Run('}'));
    }
}
