using System.Diagnostics;

namespace MLExtensions.Accuracy;

/// <summary>Tells the processor time of this process, so that what a study calls time does not depend on what else the machine is doing. One thread.</summary>
internal sealed class ProcessorClock : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.Ticks;
    }
}
