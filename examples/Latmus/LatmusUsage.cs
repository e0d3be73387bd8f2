namespace Latmus;

/// <summary>The text of -h.</summary>
internal static class LatmusUsage
{
    public const string Text =
        """
        usage: latmus [options]
          -m                measure latency on timer events [default]
          -t                tune the core timer
          -i                interrupt latency
          -k                kernel thread latency
          -u                user thread latency [default when measuring]
          -s                synthetic interrupt latency, measuring only
                            one of -i, -k, -u, -s when measuring; -t alone tunes for -i, -k and -u
          -p us             sampling period, 1 to 1000000 [1000]
          -P n              priority of the responder, 0 to 99 [98]
          -c n              CPU of the responder
          -C n              the same, even if that CPU does not suit out-of-band work
          -T n[dhms]        measure for n days, hours, minutes or seconds; 0: until interrupted [10s]
          -g [file]         histogram to a new file, or to standard output
          -H n              cells of 1 us in the histogram, 1 to 1000 [200]
          -l n              data lines for each heading, 0: no heading [21]
          -A us             give up when the maximum exceeds this
          -K                keep going on an unwanted in-band switch
          -r                reset the core timer's gravity first
          -q                quiet: only the summary; needs -T when measuring
          -b                in the background, quietly; its pid is printed (Linux)
          -v[n]             verbosity, 0 to 9; from 2 on each step of a tuning is shown [1]
          --load n          in-band threads that keep other devices busy meanwhile, 0 to 64 [0]
          --log level       Verbose, Debug, Information, Warning, Error or Fatal [Warning]
          -h, --help        this text
        exit status: 0 done, 1 wrong usage or set-up failed, 99 core diagnosis, 102 -A exceeded, 103 inconsistent results

        """;
}
