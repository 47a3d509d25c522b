using System.Text.Json;

namespace MLExtensions.Accuracy;

/// <summary>Keeps every finished run as a line of JSON, so that an interrupted study goes on where it stopped and a table can be made of several.</summary>
/// <typeparam name="TRun">What a run gave.</typeparam>
internal sealed class StudyLog<TRun>(string? path)
{
    private readonly List<TRun> _runs = path is not null && File.Exists(path)
        ? [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<TRun>(line)!)]
        : [];

    internal IReadOnlyCollection<TRun> Runs => _runs;

    internal void Add(TRun run)
    {
        _runs.Add(run);
        if (path is not null)
        {
            File.AppendAllText(path, JsonSerializer.Serialize(run) + Environment.NewLine);
        }
    }
}
