namespace Microsoft.ML.VisionCore.Training;

/// <summary>The factor on every learning rate as a pure function of progress: up from 0 to 1, then down to 0 at the end of the run.</summary>
internal static class LearningRateSchedule
{
    /// <param name="progress">The share of the run that is done; values outside [0, 1] count as the nearer end.</param>
    /// <param name="warmUp">The share of the run in which the rate rises, in [0, 1).</param>
    /// <param name="shape">How it falls.</param>
    public static double Factor(double progress, double warmUp, DecayShape shape)
    {
        var t = Math.Clamp(progress, 0, 1);
        if (t < warmUp)
        {
            return t / warmUp;
        }

        var fallen = (t - warmUp) / (1 - warmUp);
        return shape == DecayShape.Cosine ? (1 + Math.Cos(Math.PI * fallen)) / 2 : 1 - fallen;
    }
}

/// <summary>How the learning rate falls to 0 after the warm-up.</summary>
internal enum DecayShape
{
    Linear,
    Cosine,
}
