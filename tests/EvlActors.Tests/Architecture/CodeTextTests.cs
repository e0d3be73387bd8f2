using Xunit;

namespace EvlActors.Tests.Architecture;

/// <summary>What the architecture tests take for code.</summary>
public sealed class CodeTextTests
{
    [Theory]
    [InlineData("a // b\nc", "a \nc")]
    [InlineData("a /* b\n */ c", "a  c")]
    [InlineData("""a "b \" c" d""", "a   d")]
    [InlineData("""a @"b "" c" d""", "a   d")]
    [InlineData("""a '"' b""", "a   b")]
    [InlineData("""a '\'' b""", "a   b")]
    [InlineData("""a "//" b""", "a   b")]
    [InlineData("""a $"b {c} {{d}} {e.F("g")}" h""", "a   c  e.F( )  h")]
    [InlineData(""""a """b "c" d""" e"""", "a   e")]
    [InlineData(""""a $$"""b {c} {{d}}""" e"""", "a   d  e")]
    public void Of_CommentsAndLiterals_LeavesTheCode(string source, string code) =>
        Assert.Equal(Words(code), Words(CodeText.Of(source)));

    [Fact]
    public void TopLevelTypes_NestedAndConstraints_TopLevelOnly()
    {
        const string source = """
            namespace N;
            /// <summary>class Comment</summary>
            internal sealed class A<T>
                where T : class
            {
                private string S => $"{1} struct Text {{";
                private struct Nested { public int record; }
                void F() { foreach (int record in new int[1]) { } }
            }
            public delegate int D(int x);
            internal readonly record struct R(int X);
            """;
        Assert.Equal(["A", "D", "R"], new SourceFile("A.cs", source).TopLevelTypes);
    }

    private static string[] Words(string text) => text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
