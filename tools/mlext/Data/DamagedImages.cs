namespace MLExt.Data;

/// <summary>Says which images of a data set are no pictures, and why.</summary>
internal static class DamagedImages
{
    /// <summary>Images that are named; of more there is the number.</summary>
    private const int Named = 3;

    /// <summary>Names the first of the images that were left out.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="images">The images.</param>
    /// <param name="leftOut">How many were left out: images are decoded again until so many, or enough to name, have been found.</param>
    public static void Name(Terminal terminal, ImageSet images, long leftOut)
    {
        if (leftOut > 0)
        {
            Name(terminal, images, images.FindFaults().Take((int)Math.Min(Named, leftOut)), leftOut);
            foreach (var name in images.Classes)
            {
                var own = images.Where(label => label == name);
                if (own.Count <= leftOut && own.FindFaults().Count() == own.Count)
                {
                    terminal.Warn($"the class '{name}' has no image that can be decoded.");
                }
            }
        }
    }

    /// <summary>Leaves out what is no picture, and says so.</summary>
    /// <exception cref="CommandException">A class has nothing else.</exception>
    public static ImageSet LeaveOut(Terminal terminal, ImageSet images)
    {
        var faults = images.FindFaults().ToArray();
        var kept = images.Except(faults.Select(one => one.Index).ToHashSet());
        if (images.Classes.Except(kept.Classes, StringComparer.Ordinal).FirstOrDefault() is { } lost)
        {
            var (index, fault) = faults.First(one => images.Label(one.Index) == lost);
            throw new CommandException($"The class '{lost}' has no image that can be decoded. '{images.Path(index)}': {fault}.");
        }

        Name(terminal, images, faults.Take(Named), faults.Length);
        return kept;
    }

    private static void Name(Terminal terminal, ImageSet images, IEnumerable<(int Index, string Fault)> faults, long leftOut)
    {
        foreach (var (index, fault) in faults)
        {
            terminal.Warn($"'{images.Path(index)}' is left out: {fault}.");
        }

        if (leftOut > Named)
        {
            terminal.Warn($"{leftOut} of {images.Count} images are left out, because they cannot be decoded.");
        }
    }
}
