using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>Counts rows without features and says so once.</summary>
internal sealed class BadRowCounter(IHostEnvironment environment, IFeatureColumn column) : IDisposable
{
    private int _count;
    private string? _first;
    private bool _isReported;

    public void Add(string reason, long row)
    {
        _first ??= $"row {row}: {reason}";
        _count++;
    }

    /// <summary>Sends the warning, where there is anything to warn of and it was not sent before.</summary>
    public void Dispose()
    {
        if (_count == 0 || _isReported)
        {
            return;
        }

        _isReported = true;
        using var channel = environment.Start("Scoring");
        channel.Warning(MessageSensitivity.UserData,
            $"{_count} row(s) of column '{column.Column.Name}' have no {column.Noun} that can be read; " +
            $"their scores are NaN and their predicted label is missing. First: {_first}.");
    }
}
