namespace SenseHat.Tests;

/// <summary>How pixels become LEDs.</summary>
public sealed class PictureTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(90, 22)]
    [InlineData(180, 53)]
    [InlineData(270, 41)]
    public void Render_Turned_PixelMovesClockwise(int degrees, int led)
    {
        var picture = new Picture(Picture.Bytes) { Rotation = degrees };
        picture[2, 1] = new Rgb565(0xffff);
        Assert.Equal(led, Assert.Single(Render(picture).Index(), lit => lit.Item != default).Index);
    }

    [Fact]
    public void Render_Pixel_FiveBitsOfEachColour()
    {
        var picture = new Picture(Picture.Bytes);
        picture[0, 0] = new Rgb565(0b10000_111110_11111);
        GammaTable gamma = default;
        (gamma[16], gamma[31]) = (9, 20);
        picture.Gamma = gamma;
        Assert.Equal(new Led(9, 20, 20), Render(picture)[0]);
        Assert.Equal([0b11011111, 0b10000111], picture.Memory[..2].ToArray());
    }

    [Fact]
    public void Gamma_OfTheDriver_LevelsThatNeverFall()
    {
        foreach (GammaTable gamma in new[] { GammaTable.Default, GammaTable.LowLight })
        {
            Assert.True(gamma.IsValid);
            byte[] levels = [.. Levels(gamma)];
            Assert.Equal(levels.Order(), levels);
            Assert.Equal(0, levels[0]);
        }
        Assert.Equal(Led.MaxLevel, Levels(GammaTable.Default)[31]);
        Assert.Equal(1, Levels(GammaTable.LowLight)[1]);
    }

    [Theory]
    [InlineData(255, 255, 255, 0xffff)]
    [InlineData(255, 0, 0, 0xf800)]
    [InlineData(0, 255, 0, 0x07e0)]
    [InlineData(7, 3, 8, 0x0001)]
    public void Rgb565_OfEightBits_UpperOnes(byte red, byte green, byte blue, ushort pixel) =>
        Assert.Equal(pixel, Rgb565.Of(red, green, blue).Value);

    private static Led[] Render(Picture picture)
    {
        var leds = new Led[Picture.Pixels];
        picture.Render(leds);
        return leds;
    }

    private static List<byte> Levels(GammaTable gamma)
    {
        var levels = new List<byte>();
        foreach (byte level in gamma)
            levels.Add(level);
        return levels;
    }
}
