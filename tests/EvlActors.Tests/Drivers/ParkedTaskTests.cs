using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Tests.Drivers;

/// <summary>How a handler that sleeps is told from a call that was parked.</summary>
public sealed class ParkedTaskTests
{
    [Fact]
    public void IsParked_BoxUsedForAVeryLongTime_False()
    {
        var box = new Box();
        // Its uses are counted by an int that wraps round; as many as that take too long here.
        typeof(IoTaskBox<SysResult>).GetProperty(nameof(box.Use), System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .SetValue(box, -2);
        box.End(0);
        Assert.Equal(0, box.TakeResult());
        Assert.False(new IoTask<SysResult>(box).IsParked);
    }

    private sealed class Box : IoTaskBox<SysResult>
    {
        internal override void Resume()
        {
        }

        protected override void Recycle()
        {
        }
    }
}
