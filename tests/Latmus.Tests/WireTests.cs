using EvlActors;

namespace Latmus.Tests;

public sealed class WireTests
{
    [Fact]
    public void Measurement_Written_LittleEndianLayout()
    {
        byte[] bytes = new byte[Measurement.Size];
        Measurement measurement = new(-2, -3, 0x01020304, 5, 1000);

        measurement.Write(bytes);

        Assert.Equal("FEFFFFFFFFFFFFFFFDFFFFFF0403020105000000E8030000", Convert.ToHexString(bytes));
        Assert.Equal(measurement, Measurement.Read(bytes));
    }

    [Fact]
    public void Setup_Measure_KernelLayout()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0xAA, LatmusSetup.Size)];
        LatmusSetup setup = LatmusSetup.ForMeasure(LatmusContext.User, 1_000_000, 98, 1, 7, 200);

        setup.Write(bytes);

        Assert.Equal(
            "0200000000000000" + "40420F0000000000" + "62000000" + "01000000" + "07000000C8000000", Convert.ToHexString(bytes));
        Assert.Equal(setup, LatmusSetup.Read(bytes));
    }

    [Fact]
    public void Setup_Tune_VerbosityInTheUnion()
    {
        byte[] bytes = new byte[LatmusSetup.Size];

        LatmusSetup.ForTune(LatmusContext.Kern, 1, 1, 0, 2).Write(bytes);

        Assert.Equal(2, bytes[24]);
        Assert.Equal(2, LatmusSetup.Read(bytes).Verbosity);
    }

    [Fact]
    public void Ioctl_Command_NumberedAsIoc() => Assert.Equal(
        [0xC0204C00, 0xC0204C01, 0x80104C02, 0x40084C03, 0x00004C04],
        new uint[] { LatmusIoctl.Tune, LatmusIoctl.Measure, LatmusIoctl.Run, LatmusIoctl.Pulse, LatmusIoctl.Reset });

    [Theory]
    [InlineData(2, 1ul, 0, 0u, 0u, Errno.None)]
    [InlineData(2, 1_000_000_000ul, 99, 1u, 1000u, Errno.None)]
    [InlineData(3, 1_000_000ul, 0, 0u, 0u, Errno.None)]
    [InlineData(1, 1_000_000ul, 1, 0u, 0u, Errno.None)]
    [InlineData(2, 0ul, 98, 0u, 0u, Errno.EINVAL)]
    [InlineData(2, 1_000_000_001ul, 98, 0u, 0u, Errno.EINVAL)]
    [InlineData(1, 1_000_000ul, 0, 0u, 0u, Errno.EINVAL)]
    [InlineData(1, 1_000_000ul, 100, 0u, 0u, Errno.EINVAL)]
    [InlineData(2, 1_000_000ul, 98, 2u, 0u, Errno.EINVAL)]
    [InlineData(2, 1_000_000ul, 98, 0u, 1001u, Errno.EINVAL)]
    [InlineData(4, 1_000_000ul, 98, 0u, 0u, Errno.EINVAL)]
    public void Setup_CheckMeasure_Result(int type, ulong period, int priority, uint cpu, uint hcells, Errno expected) =>
        Assert.Equal(
            expected, LatmusSetup.ForMeasure((LatmusContext)type, period, priority, cpu, 3, hcells).Check(tune: false, 2));

    [Theory]
    [InlineData(0, Errno.None)]
    [InlineData(2, Errno.None)]
    [InlineData(3, Errno.EINVAL)]
    public void Setup_CheckTune_NoSyntheticInterrupt(int type, Errno expected) =>
        Assert.Equal(expected, LatmusSetup.ForTune((LatmusContext)type, 1_000_000, 98, 0, 1).Check(tune: true, 2));

    [Fact]
    public void Result_Histogram_FollowsMeasurement()
    {
        byte[] bytes = new byte[LatmusResult.Size(3)];
        Measurement last = new(1, 2, 3, 4, 5);

        LatmusResult.Write(bytes, last, new LatencyHistogram([7, 0, 256]));

        Assert.Equal(36, bytes.Length);
        Assert.Equal("070000000000000000010000", Convert.ToHexString(bytes[24..]));
        LatmusResult result = LatmusResult.Read(bytes);
        Assert.Equal(last, result.Last);
        Assert.Equal([7, 0, 256], result.Histogram!.Cells.ToArray());
    }

    [Fact]
    public void Result_NoHistogram_MeasurementOnly()
    {
        byte[] bytes = new byte[LatmusResult.Size(0)];

        LatmusResult.Write(bytes, new(1, 1, 1, 0, 1), null);

        Assert.Null(LatmusResult.Read(bytes).Histogram);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(26)]
    public void Result_WrongLength_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => LatmusResult.Read(new byte[length]));

    [Fact]
    public void TuningResult_Written_ReadBack()
    {
        byte[] bytes = new byte[TuningResult.Size];

        TuningResult.Write(bytes, 1500);

        Assert.Equal(1500, TuningResult.Read(bytes));
    }
}
