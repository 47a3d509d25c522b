using Microsoft.ML.FewShot.Data;

namespace Microsoft.ML.FewShot.Training;

/// <summary>Which training examples are embedded for the generator: all in every orientation that tasks may give them, or fewer where time is short.</summary>
internal static class EmbeddedExamples
{
    /// <summary>The classes to draw tasks from, and tasks that need no more than <paramref name="affordable"/> embeddings, except as far as a task needs its classes.</summary>
    /// <param name="pool">All training classes.</param>
    /// <param name="tasks">The tasks as they are wanted. Where time is short, classes are not turned, and then fewer of them are used.</param>
    /// <param name="affordable">The embeddings that there is time for.</param>
    /// <param name="seed">Chooses the classes.</param>
    public static (ExamplePool Pool, EpisodeSettings Tasks) Choose(ExamplePool pool, EpisodeSettings tasks, double affordable, int seed)
    {
        if ((double)pool.Count * tasks.Variation.Orientations(pool.Shape).Length <= affordable)
        {
            return (pool, tasks);
        }

        // One orientation is left: mirrored classes stay mirrored.
        var still = tasks with { Variation = tasks.Variation with { TurnProbability = 0, MirrorProbability = Math.Round(tasks.Variation.MirrorProbability) } };
        var usable = pool.WithAtLeast(tasks.ExamplesPerClass);
        var share = Math.Max(affordable / usable.Count, (tasks.Ways.High + 0.5) / usable.Classes.Count);
        return share >= 1 ? (usable, still) : (usable.SplitClasses(share, seed).Validation, still);
    }
}
