using EvlActors;
using EvlActors.Drivers;

namespace SenseHat;

/// <summary>
/// The joystick. Its first minor is read: events of fixed size, of one key each. Its second one stands for the board, which tells of
/// the keys by an interrupt and a register: each byte that is written to it is what the register shows from then on, one bit per key.
/// </summary>
internal sealed class JoystickDevice : CharDevice
{
    /// <summary>How many nodes it has.</summary>
    public const int Minors = 2;

    private const int KeysMinor = 1;

    // By their bits in the register.
    private static readonly JoystickKey[] s_keys = [JoystickKey.Down, JoystickKey.Right, JoystickKey.Up, JoystickKey.Enter, JoystickKey.Left];

    private readonly List<JoystickClient> _clients = [];
    private int _pressed;

    /// <summary>The key's bit in the register.</summary>
    public static byte BitOf(JoystickKey key) => (byte)(1 << Array.IndexOf(s_keys, key));

    protected override IoTask Open(IoCall call)
    {
        call.File.NonSeekable();
        if (IsKeys(call.File))
            return SysResult.Ok();
        var client = new JoystickClient();
        call.File.PrivateData = client;
        _clients.Add(client);
        return SysResult.Ok();
    }

    protected override IoTask Release(IoCall call)
    {
        if (!IsKeys(call.File))
            _clients.Remove(ClientOf(call.File));
        return SysResult.Ok();
    }

    // As many whole events as are there and fit. An event counts as read when its copy begins: two readers never get the same one.
    protected override async IoTask Read(IoCall call)
    {
        if (IsKeys(call.File) || call.Count is > 0 and < JoystickEvent.Size)
            return Errno.EINVAL;
        if (call.Count == 0)
            return 0;
        JoystickClient client = ClientOf(call.File);
        while (!client.HasEvents)
        {
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await client.UntilThereAreEvents(call) is { IsError: true } interrupted)
                return interrupted;
        }
        long read = 0;
        while (client.HasEvents && read + JoystickEvent.Size <= call.Count)
        {
            if (await call.PutUser(client.Take(), read) is { IsError: true } fault)
                return read > 0 ? read : fault;
            read += JoystickEvent.Size;
        }
        return read;
    }

    protected override async IoTask Write(IoCall call)
    {
        if (!IsKeys(call.File))
            return Errno.EINVAL;
        for (long written = 0; written < call.Count; written++)
        {
            if (await call.GetUser<byte>(written) is not { } register)
                return written > 0 ? written : Errno.EFAULT;
            if (register >> s_keys.Length != 0)
                return written > 0 ? written : Errno.EINVAL;
            Changed(register);
        }
        return call.Count;
    }

    protected override PollEvents Poll(PollTable table)
    {
        if (IsKeys(table.File))
            return PollEvents.Out | PollEvents.WrNorm;
        JoystickClient client = ClientOf(table.File);
        table.PollWait(client.Readers);
        return client.HasEvents ? PollEvents.In | PollEvents.RdNorm : PollEvents.None;
    }

    protected override IoTask Fasync(IoCall call) =>
        IsKeys(call.File) ? SysResult.Ok() : ClientOf(call.File).Async.FasyncHelper(call.Fd, call.File, call.AsyncOn);

    private static bool IsKeys(EvlFile file) => file.Number.Minor % Minors == KeysMinor;

    private static JoystickClient ClientOf(EvlFile file) => (JoystickClient)file.PrivateData!; // open put it there

    private void Changed(int register)
    {
        int changed = _pressed ^ register;
        _pressed = register;
        long nowNs = MonotonicNs;
        for (int bit = 0; bit < s_keys.Length; bit++)
        {
            if ((changed >> bit & 1) == 0)
                continue;
            var happened = JoystickEvent.OfKey(nowNs, s_keys[bit], isPressed: (register >> bit & 1) != 0);
            foreach (JoystickClient client in _clients)
                client.Add(happened, nowNs);
        }
    }
}
