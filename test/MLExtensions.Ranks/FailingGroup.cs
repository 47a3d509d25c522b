using System.Diagnostics;
using Microsoft.ML;

namespace MLExtensions.Ranks;

/// <summary>A group in which something happens to one process when it meets the others for the N-th time.</summary>
internal sealed class FailingGroup(ProcessGroup group, string signal, int meeting, bool isOrphan) : ProcessGroup
{
    /// <summary>The setting with which the launcher is stopped before, so that it does not notice; <see cref="WakeLauncher"/> is for those who do.</summary>
    public const string Orphan = "orphan";

    private int _meetings;

    public override int Rank => group.Rank;

    public override int Size => group.Size;

    public override int Processors => group.Processors;

    /// <summary>The group, with what the settings say happens to this process.</summary>
    public static ProcessGroup Of(ProcessGroup group, Settings settings)
    {
        foreach (var (name, signal) in new[] { ("kill", "KILL"), ("stop", "STOP"), (Orphan, "KILL") })
        {
            if (settings.Fault(name) is { } fault && fault.Rank == group.Rank)
            {
                return new FailingGroup(group, signal, fault.Meeting, name == Orphan) { LocalSteps = group.LocalSteps };
            }
        }

        return group;
    }

    public override void Sum(Span<float> values)
    {
        Meet();
        group.Sum(values);
    }

    public override void Sum(Span<double> values)
    {
        Meet();
        group.Sum(values);
    }

    public override void Broadcast(Span<byte> bytes)
    {
        Meet();
        group.Broadcast(bytes);
    }

    private void Meet()
    {
        if (++_meetings == meeting)
        {
            if (isOrphan)
            {
                Send("STOP", Launcher);
            }

            Send(signal, Environment.ProcessId);
        }
    }

    /// <summary>Lets a launcher that was stopped go on.</summary>
    public static void WakeLauncher() => Send("CONT", Launcher);

    // What started this process: PID (NAME) STATE PARENT ...
    private static int Launcher => int.Parse(File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ')[1]);

    private static void Send(string signal, int process) => Process.Start("/bin/kill", ["-" + signal, process.ToString()]).WaitForExit();
}
