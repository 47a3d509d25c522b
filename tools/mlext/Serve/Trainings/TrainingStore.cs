using MLExt.Serve.Http;

namespace MLExt.Serve.Trainings;

/// <summary>The trainings that are kept, of which one at most runs.</summary>
/// <param name="models">Disposes of those that go.</param>
/// <param name="most">The most that are kept.</param>
internal sealed class TrainingStore(ModelThread models, int most)
{
    private readonly Lock _starting = new();
    private readonly Kept<TrainingTask> _kept = new("training", most, training => training.Id, models.Dispose);

    /// <summary>All, the most recently used first.</summary>
    public IReadOnlyList<TrainingTask> All => _kept.All;

    /// <summary>Finds one.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public TrainingTask Get(string id) => _kept.Get(id);

    /// <summary>Starts one.</summary>
    /// <param name="start">Starts it.</param>
    /// <exception cref="ProblemException">One runs already.</exception>
    public TrainingTask Start(Func<TrainingTask> start)
    {
        lock (_starting)
        {
            if (All.FirstOrDefault(training => training.Outcome is null) is { } running)
            {
                throw ProblemException.Conflict($"The training '{running.Plan.Name}' ({running.Id}) runs; one training runs at a time. Wait for it or stop it.");
            }

            var training = start();
            _kept.Add(training);
            return training;
        }
    }

    /// <summary>Stops and lets all go.</summary>
    public void Clear() => _kept.Clear();
}
