using System.Text.Json;

namespace MLExtensions.Accuracy;

/// <summary>Keeps every finished run as a line of JSON, so that an interrupted study goes on where it stopped and a table can be made of several.</summary>
/// <typeparam name="TRun">What a run gave.</typeparam>
internal sealed class StudyLog<TRun>
{
    private readonly string? _path;
    private readonly string _study;
    private readonly List<TRun> _runs = [];

    /// <param name="path">The file, which is made where it is not there; null for none.</param>
    /// <param name="study">The study and its settings: runs of others have no place in the same file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    /// <exception cref="InvalidDataException">A line is no run of this study.</exception>
    internal StudyLog(string? path, string study)
    {
        (_path, _study) = (path, study);
        if (path is null)
        {
            return;
        }

        // Before hours are spent on what could not be written.
        using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite))
        {
        }

        foreach (var (number, line) in File.ReadLines(path).Index())
        {
            _runs.Add(Read(line, $"Line {number + 1} of '{path}'"));
        }
    }

    internal IReadOnlyCollection<TRun> Runs => _runs;

    internal void Add(TRun run)
    {
        _runs.Add(run);
        if (_path is not null)
        {
            File.AppendAllText(_path, JsonSerializer.Serialize(new Line(_study, run)) + Environment.NewLine);
        }
    }

    private TRun Read(string line, string place)
    {
        Line? read;
        try
        {
            read = JsonSerializer.Deserialize<Line>(line);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{place} is no run of a study: {exception.Message}", exception);
        }

        return read is { Run: { } run } && read.Study == _study ? run
            : throw new InvalidDataException($"{place} is a run of '{read?.Study}', and this is '{_study}': take another file.");
    }

    private sealed record Line(string Study, TRun Run);
}
