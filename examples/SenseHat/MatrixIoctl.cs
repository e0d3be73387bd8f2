using EvlActors;

namespace SenseHat;

/// <summary>The commands of the matrix, type 0xf1; on either of its nodes.</summary>
internal static class MatrixIoctl
{
    private const char Type = '\xf1';

    /// <summary>Reads the gamma table.</summary>
    public static readonly IoctlCommand GetGamma = IoctlCommand.Ior<GammaTable>(Type, 0);

    /// <summary>Sets the gamma table; EINVAL for a level above 31.</summary>
    public static readonly IoctlCommand SetGamma = IoctlCommand.Iow<GammaTable>(Type, 1);

    /// <summary>Takes one of the driver's own gamma tables: 0 the default, 1 that for low light, others EINVAL.</summary>
    public static readonly IoctlCommand ResetGamma = IoctlCommand.Io(Type, 2);

    /// <summary>Reads by how many degrees the picture is turned, an int.</summary>
    public static readonly IoctlCommand GetRotation = IoctlCommand.Ior<int>(Type, 3);

    /// <summary>Turns the picture clockwise; EINVAL unless 0, 90, 180 or 270.</summary>
    public static readonly IoctlCommand SetRotation = IoctlCommand.Iow<int>(Type, 4);

    /// <summary>Makes every pixel black.</summary>
    public static readonly IoctlCommand Clear = IoctlCommand.Io(Type, 5);
}
