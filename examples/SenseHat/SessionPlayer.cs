using EvlActors;

namespace SenseHat;

/// <summary>
/// Plays a recorded session on a machine with the board's devices: its threads' calls, its presses of the joystick, its delays, which
/// pass on the machine's clock. Prints what happens.
/// </summary>
internal sealed class SessionPlayer
{
    private readonly TerminalPanel _panel;
    private readonly SessionOutput _output;
    private readonly EvlProcess _process;
    private readonly UserThread _board;
    private readonly SessionFiles _files = new();
    private readonly Dictionary<string, SessionThread> _threads = [];
    private readonly Led[] _leds = new Led[Picture.Pixels];
    private int _keysFd = -1;
    private byte _pressed;

    /// <summary>Adds the devices to the machine.</summary>
    public SessionPlayer(EvlMachine machine, SessionOutput output)
    {
        _panel = new TerminalPanel();
        _output = output;
        SenseHatModule.Add(machine, _panel);
        _process = machine.CreateProcess();
        _board = machine.CreateProcess().CreateThread();
    }

    /// <summary>Plays all lines, one after another.</summary>
    /// <exception cref="SessionException">A line can't be played; those before it were.</exception>
    public async Task Play(IReadOnlyList<SessionLine> session)
    {
        _keysFd = await _board.OpenAsync(SenseHatModule.Keys, OpenFlags.WriteOnly).OrThrow();
        foreach (SessionLine line in session)
            await Play(line);
        if (_threads.Values.FirstOrDefault(thread => thread.UnderWay is not null) is { } busy)
            throw session[^1].Wrong($"the call of '{busy.Name}' was left in the background: end with 'join {busy.Name}'");
    }

    private async Task Play(SessionLine line)
    {
        switch (line.Word(0))
        {
            case "say":
                _output.Title(line.Word(1));
                break;
            case "show":
                _panel.Look(_leds);
                _output.Happened("the LEDs");
                _output.Show(_leds);
                break;
            case "delay":
                await _board.PollAsync(Array.Empty<PollFd>(), line.Size(1)).OrThrow();
                _output.Passed(line.Size(1));
                break;
            case "press" or "release":
                await Turn(line, isPressed: line.Word(0) == "press");
                break;
            case "join":
                await Join(line);
                break;
            default:
                await Call(line);
                break;
        }
    }

    private async Task Turn(SessionLine line, bool isPressed)
    {
        if (!Enum.TryParse(line.Word(1), ignoreCase: true, out JoystickKey key) || key == JoystickKey.None)
            throw line.Wrong($"there is no key '{line.Word(1)}'");
        byte bit = JoystickDevice.BitOf(key);
        _pressed = (byte)(isPressed ? _pressed | bit : _pressed & ~bit);
        _output.Happened($"{line.Word(0)} {line.Word(1)}");
        await _board.WriteAsync(_keysFd, new[] { _pressed }).OrThrow();
    }

    private async Task Call(SessionLine line)
    {
        string name = line.Word(0);
        if (!_threads.TryGetValue(name, out SessionThread? thread))
            _threads[name] = thread = new SessionThread(name, _process.CreateThread(name: name), _files, _output);
        if (thread.UnderWay is not null)
            throw line.Wrong($"'{name}' is still in its last call: 'join {name}' first");
        SessionCall call = thread.Call(line);
        if (line.IsBackground)
        {
            thread.UnderWay = call;
            _output.Happened($"{name}: {call.Text} ...");
        }
        else
        {
            await Report(thread, call);
        }
    }

    private async Task Join(SessionLine line)
    {
        if (!_threads.TryGetValue(line.Word(1), out SessionThread? thread) || thread.UnderWay is not { } call)
            throw line.Wrong($"'{line.Word(1)}' has no call in the background");
        thread.UnderWay = null;
        await Report(thread, call);
    }

    private async Task Report(SessionThread thread, SessionCall call)
    {
        SysResult result = await call.Result;
        _output.Returned(thread.Name, call.Text, result, result.IsError ? null : call.Got?.Invoke(result));
    }
}
