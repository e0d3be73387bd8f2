using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("4711")]
    [InlineData("18446744073709551615 0:1 57:2 103:11")]
    public void Parse_WhatToStringWrote_IsTheSame(string text) => Assert.Equal(text, Schedule.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("seed")]
    [InlineData("-1")]
    [InlineData("1 2")]
    [InlineData("1 2:0")]
    [InlineData("1 2:1:3")]
    [InlineData("1 2:x")]
    [InlineData("1 7:1 7:1")]
    [InlineData("1 7:1 3:1")]
    public void Parse_NoSchedule_Throws(string text) => Assert.Throws<FormatException>(() => Schedule.Parse(text));
}
