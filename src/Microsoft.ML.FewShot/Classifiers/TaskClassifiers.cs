using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Classifiers;

/// <summary>The classifiers of the tasks of one data view: read and generated when they are first needed, a bounded number of them kept.</summary>
internal sealed class TaskClassifiers
{
    private readonly FewShotNetwork _network;
    private readonly FewShotColumns _columns;
    private readonly Lazy<(SupportSet[] Sets, Dictionary<string, int> Numbers)> _tasks;
    private readonly LinkedList<(int Task, TargetNetwork Network)> _recent = [];

    /// <param name="environment">Where warnings go.</param>
    /// <param name="network">Makes the classifiers; shared with its owner.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="data">The rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public TaskClassifiers(IHostEnvironment environment, FewShotNetwork network, FewShotColumns columns, IDataView data)
    {
        (_network, _columns) = (network, columns);
        var labels = LabelColumns.BindKey(data.Schema, columns.Label, columns.Candidates);
        var features = FewShotFeatures.Bind(data.Schema, columns.Feature, network.Example);
        var group = columns.Group is { } name ? GroupColumn.Bind(data.Schema, name) : null;
        Labels = labels.Labels;
        _tasks = new(() => Read(new SupportReader(features, labels, group).Read(environment, data, isMixed: true)));
    }

    /// <summary>The memory for generated weights, in bytes; the classifiers of two tasks are kept in any case.</summary>
    public long WeightBytes { get; init; } = 256L << 20;

    /// <summary>All classes.</summary>
    public ClassLabels Labels { get; }

    /// <summary>The number of a task.</summary>
    /// <exception cref="InvalidOperationException">No row of the task has a label.</exception>
    public int NumberOf(string task) => _tasks.Value.Numbers.TryGetValue(task, out var number) ? number
        : throw new InvalidOperationException(
            _columns.Group is { } group ? $"The task '{task}' of column '{group}' has no row with a label in column '{_columns.Label}': there is nothing to make a classifier of."
            : $"No row has a label in column '{_columns.Label}': there is nothing to make a classifier of.");

    /// <summary>Scores rows of a task.</summary>
    /// <param name="task">The number of the task.</param>
    /// <param name="features">[B, row].</param>
    /// <param name="probabilities">Receives [B, Y].</param>
    public void Score(int task, ReadOnlySpan<byte> features, Span<float> probabilities)
    {
        var set = _tasks.Value.Sets[task];
        var slots = set.Slots();
        lock (_recent)
        {
            TargetScores.Score(NetworkOf(task, set), features, _network.Example, _network.Scale, slots, _network.Device, probabilities, known: []);
        }
    }

    private (SupportSet[] Sets, Dictionary<string, int> Numbers) Read(SupportRows rows)
    {
        var sets = new List<SupportSet>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (task, samples) in rows.Tasks)
        {
            numbers.Add(task, sets.Count);
            var what = _columns.Group is null ? "The data" : $"The task '{task}'";
            sets.Add(SupportCheck.Task(rows.Labels, samples, _network.Example, _columns.Label, _network.Shape.MaxWays, what));
        }

        return ([.. sets], numbers);
    }

    // The most recently used first.
    private TargetNetwork NetworkOf(int task, SupportSet set)
    {
        for (var node = _recent.First; node is not null; node = node.Next)
        {
            if (node.Value.Task == task)
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Network;
            }
        }

        var network = _network.Adapt(set, _network.Method);
        network.eval();
        network.Freeze();
        _recent.AddFirst((task, network));
        if (_recent.Count > Math.Max(2, WeightBytes / Math.Max(1, WeightsOf(network))))
        {
            _recent.Last!.Value.Network.Dispose();
            _recent.RemoveLast();
        }

        return network;
    }

    private static long WeightsOf(TargetNetwork network) => network.state_dict().Values.Sum(tensor => tensor.numel() * sizeof(float));
}
