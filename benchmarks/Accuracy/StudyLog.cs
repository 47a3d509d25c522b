using System.Text.Json;

namespace MLExtensions.Accuracy;

/// <summary>Keeps every finished run as a line of JSON, so that an interrupted study goes on where it stopped and a table can be made of several.</summary>
internal sealed class StudyLog(string? path)
{
    private readonly List<StudyRun> _runs = path is not null && File.Exists(path)
        ? [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<StudyRun>(line)!)]
        : [];

    internal IReadOnlyCollection<StudyRun> Runs => _runs;

    internal bool Has(string contender, int seed) => _runs.Any(run => run.Contender == contender && run.Seed == seed);

    internal void Add(StudyRun run)
    {
        _runs.Add(run);
        if (path is not null)
        {
            File.AppendAllText(path, JsonSerializer.Serialize(run) + Environment.NewLine);
        }
    }
}
