using EvlActors.Drivers;

namespace EvlActors.Hosting.Tests;

/// <summary>A driver that takes a service of the host.</summary>
public sealed class GreetingDevice(Greeting greeting) : CharDevice
{
    protected override async IoTask Read(IoCall call)
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(greeting.Text);
        return await call.CopyToUser(text) == 0 ? text.Length : Errno.EFAULT;
    }
}
