using Microsoft.ML.FewShot;
using Microsoft.ML.FewShot.Data;

namespace MLExtensions.Accuracy.FewShot;

/// <summary>What the few-shot study trains on, and the tasks that it is measured by: of classes that no training sees, inductive, nothing chosen by them.</summary>
/// <param name="Training">The classes to train on.</param>
/// <param name="HeldOut">The classes of the tasks.</param>
/// <param name="Protocols">The kinds of tasks, by name; all have as many classes as the first.</param>
internal sealed record FewShotTasks(ExamplePool Training, ExamplePool HeldOut, IReadOnlyList<(string Name, FewShotEvaluationOptions Options)> Protocols)
{
    private static readonly string[] HeldOutAlphabets = ["Armenian", "Cyrillic", "Greek", "Malay_(Jawi_-_Arabic)", "Tagalog"];

    /// <summary>The classes of a task.</summary>
    internal int Ways => Protocols[0].Options.Ways;

    /// <summary>Omniglot's background set at 28 pixels: five alphabets are held out.</summary>
    /// <param name="dataset">The zip file, images_background/ALPHABET/CHARACTER/IMAGE.</param>
    /// <param name="tasks">How many of each protocol.</param>
    internal static FewShotTasks Omniglot(string dataset, int tasks)
    {
        ExamplePool Of(Func<string, bool> isWanted) =>
            Read(dataset, side: 28, colors: 1, folder => folder.Split('/') is [.., var alphabet, var character] && isWanted(alphabet) ? $"{alphabet}/{character}" : null);
        return new(Of(alphabet => !HeldOutAlphabets.Contains(alphabet)), Of(HeldOutAlphabets.Contains),
        [
            ("20-way 1-shot", new FewShotEvaluationOptions { Tasks = tasks }),
            ("20-way 5-shot", new FewShotEvaluationOptions { Tasks = tasks, Shots = 5 }),
            ("20-way 1-shot with 4 unlabelled", new FewShotEvaluationOptions { Tasks = tasks, Unlabeled = 4 }),
        ]);
    }

    /// <summary>CIFAR-FS, or other photographs in colour, at 32 pixels: classes of one file to train on, those of another held out.</summary>
    /// <param name="dataset">The zip file to train on, CLASS/IMAGE.</param>
    /// <param name="heldOut">The zip file of the tasks.</param>
    /// <param name="tasks">How many of each protocol.</param>
    internal static FewShotTasks Photographs(string dataset, string heldOut, int tasks)
    {
        static ExamplePool Of(string file) => Read(file, side: 32, colors: 3, folder => folder);
        return new(Of(dataset), Of(heldOut),
        [
            ("5-way 1-shot", new FewShotEvaluationOptions { Tasks = tasks, Queries = 15, Ways = 5 }),
            ("5-way 5-shot", new FewShotEvaluationOptions { Tasks = tasks, Queries = 15, Ways = 5, Shots = 5 }),
        ]);
    }

    private static ExamplePool Read(string file, int side, int colors, Func<string, string?> nameOf)
    {
        var (images, names) = ZipImages.Read(file, side, nameOf);
        // Not disposed of: a pool in colour reads the pixels where they lie, in memory.
        return ExamplePools.OfImages(images, names, colors);
    }
}
