namespace Microsoft.ML.VisionCore.Training;

/// <summary>Stops a run whose validation score no longer rises.</summary>
/// <param name="MinDelta">The smallest rise of the score that counts as one.</param>
/// <param name="Patience">The number of validations without a rise after which the run stops.</param>
internal sealed record EarlyStopping(double MinDelta, int Patience)
{
    /// <summary>The score that the next one has to beat, and the validations since it was reached.</summary>
    internal readonly record struct State(double Reference, int Waited)
    {
        public static State Start => new(double.NegativeInfinity, 0);
    }

    /// <summary>The state after one more validation.</summary>
    public State Next(State state, double score) =>
        score > state.Reference + MinDelta ? new State(score, 0) : state with { Waited = state.Waited + 1 };

    public bool ShouldStop(State state) => state.Waited >= Patience;
}
