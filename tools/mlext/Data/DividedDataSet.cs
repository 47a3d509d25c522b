namespace MLExt.Data;

/// <summary>
/// A data set that others have divided, as most that can be downloaded are: a folder to train on and one or two more, each with the same class folders below.
/// Taken as it lies, every class would be there two or three times, and the images to test on would be trained on.
/// </summary>
/// <param name="Training">The images to train on.</param>
/// <param name="Validation">Those to choose by; null where there are none.</param>
/// <param name="Test">Those that nothing is to be learned from; null where there are none.</param>
internal sealed record DividedDataSet(PartStore Training, PartStore? Validation, PartStore? Test)
{
    private static readonly string[] TrainingNames = ["train", "training"], ValidationNames = ["val", "valid", "validation", "dev"], TestNames = ["test", "testing"];

    /// <summary>What a data set is divided into; null where it is not.</summary>
    /// <exception cref="CommandException">It seems to be divided, and not so that it could be used: taken as it lies, it would be trained on its test images.</exception>
    public static DividedDataSet? Of(ImageStore store)
    {
        var divided = Recognized(store);
        string[] parts = [.. store.Paths.SelectMany(path => path.Split('/')[..^1]).Distinct(StringComparer.OrdinalIgnoreCase).Where(IsPart).Order(StringComparer.Ordinal)];
        return divided is not null || new[] { TrainingNames, ValidationNames, TestNames }.Count(names => parts.Any(part => names.Contains(part, StringComparer.OrdinalIgnoreCase))) < 2 ? divided
            : throw new CommandException($"'{store.Location}' seems to be divided, into {string.Join(", ", parts.Select(part => $"'{part}'"))}, but not so that it could be used: a folder to train on is expected, "
                + "with a folder for each class in it, and beside it no others than those for validation and test, with no class that is not to be trained on. Name one of these folders instead.");

        static bool IsPart(string folder) => TrainingNames.Concat(ValidationNames).Concat(TestNames).Contains(folder, StringComparer.OrdinalIgnoreCase);
    }

    private static DividedDataSet? Recognized(ImageStore store)
    {
        string[] distinct = [.. store.Paths.Select(ClassNames.FolderOf).Distinct(StringComparer.Ordinal)];
        string[][] folders = [.. distinct.Select(folder => folder.Split('/'))];
        var depth = ClassNames.CommonDepth(distinct);
        // A part has classes below it.
        if (!Array.TrueForAll(folders, folder => folder.Length > depth + 1))
        {
            return null;
        }

        var parts = folders.GroupBy(folder => folder[depth], folder => string.Join('/', folder[(depth + 1)..]).Normalize(), StringComparer.Ordinal).ToDictionary(part => part.Key, part => part.ToHashSet());
        var (training, validation, test) = (Find(TrainingNames), Find(ValidationNames), Find(TestNames));
        string?[] found = [training, validation, test];
        return training is null || parts.Count < 2 || parts.Count != found.Count(name => name is not null) || !parts.Values.All(parts[training].IsSupersetOf) ? null
            : new(Part(training), validation is null ? null : Part(validation), test is null ? null : Part(test));

        string? Find(string[] names) => parts.Keys.FirstOrDefault(name => names.Contains(name, StringComparer.OrdinalIgnoreCase));

        PartStore Part(string name) => new(store, string.Concat(folders[0][..depth].Append(name).Select(folder => folder + "/")));
    }

    /// <summary>What of a data set is to be learned from: all of it, or the part for that, which is told.</summary>
    public static ImageStore ToLearnFrom(Terminal terminal, ImageStore whole) => Told(terminal, whole, Of(whole)?.Training, "learned from");

    /// <summary>What of a data set is to be measured on: all of it, or the part for that, which is told.</summary>
    public static ImageStore ToMeasureOn(Terminal terminal, ImageStore whole) => Told(terminal, whole, Of(whole) is { } divided ? divided.Test ?? divided.Validation : null, "measured on");

    /// <summary>What it is, and what becomes of its parts in a training.</summary>
    /// <param name="isValidating">Whether the validation images are measured on.</param>
    public string Describe(bool isValidating) => $"The data set is divided already: the {Training.Paths.Count} images in '{Training.Folder}' are learned from"
        + (Validation is null ? "" : $", the {Validation.Paths.Count} in '{Validation.Folder}' are {(isValidating ? "measured on" : "left alone")}")
        + (Test is null ? "" : $", the {Test.Paths.Count} in '{Test.Folder}' are left alone") + ".";

    private static ImageStore Told(Terminal terminal, ImageStore whole, PartStore? part, string use)
    {
        if (part is not null)
        {
            terminal.Line($"The data set is divided already: the {part.Paths.Count} images in '{part.Folder}' are {use}.");
        }

        return part ?? whole;
    }
}
