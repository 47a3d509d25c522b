namespace MLExtensions.Fuzz;

/// <summary>What is fed with mutants.</summary>
internal abstract class Subject
{
    /// <summary>How the files that it takes end.</summary>
    public abstract string Extension { get; }

    /// <summary>The bytes that a mutant may take beyond what is in proportion to its honest file: the measuring itself, and the collector's habits.</summary>
    public virtual long Slack => 48L << 20;

    /// <summary>How long a mutant may take.</summary>
    public virtual TimeSpan Longest => TimeSpan.FromSeconds(2);

    /// <summary>Good files, of which mutants are made.</summary>
    public abstract IReadOnlyList<(string Name, byte[] File)> Honest { get; }

    /// <summary>A mutant of one of them.</summary>
    /// <param name="honest">Its place among <see cref="Honest"/>.</param>
    /// <param name="random">Decides everything.</param>
    public abstract byte[] Mutate(int honest, Random random);

    /// <summary>Does with a file what users do with theirs.</summary>
    /// <param name="honest">What the file was made of.</param>
    /// <param name="file">The file.</param>
    /// <returns>What it came to; it begins with "!" where that should not be.</returns>
    public abstract string Try(int honest, byte[] file);

    /// <summary>The subject of a name.</summary>
    public static Subject Of(string kind) => kind switch
    {
        "trained" or "generator" or "classifier" => new ModelSubject(kind),
        "checkpoint" => new CheckpointSubject(),
        _ => new ImageSubject(kind),
    };

    /// <summary>The names of all.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["trained", "generator", "classifier", "checkpoint", "jpeg", "png", "gif", "bmp", "webp"];
}
