using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The time of a team's first process, for decisions that all must make alike. Whoever looks waits until all look.</summary>
/// <param name="clock">This process's.</param>
/// <param name="team">The team.</param>
internal sealed class TeamClock(TimeProvider clock, Team team) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => team.Broadcast(clock.GetTimestamp());
}
