namespace Microsoft.ML.Runtime;

/// <summary>Opens progress channels.</summary>
public interface IProgressChannelProvider
{
    /// <summary>Opens a channel for the progress of one task.</summary>
    IProgressChannel StartProgressChannel(string name);
}

/// <summary>Reports the progress of one task.</summary>
public interface IProgressChannel : IProgressChannelProvider, IDisposable
{
    /// <summary>Names units and metrics, and how to read them at any time.</summary>
    void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction);

    /// <summary>Reports metrics, then units.</summary>
    void Checkpoint(params double?[] values);
}

/// <summary>Names of what a progress channel reports.</summary>
public sealed class ProgressHeader
{
    /// <summary>Names of metrics and units; null means none.</summary>
    public ProgressHeader(string[] metricNames, string[] unitNames)
    {
        MetricNames = metricNames ?? [];
        UnitNames = unitNames ?? [];
    }

    /// <summary>Names of units only.</summary>
    public ProgressHeader(params string[] unitNames)
        : this(null, unitNames)
    {
    }

    /// <summary>What the progress is counted in.</summary>
    public readonly IReadOnlyList<string> UnitNames;

    /// <summary>What is measured on the way.</summary>
    public readonly IReadOnlyList<string> MetricNames;
}

/// <summary>Takes the progress at one moment.</summary>
public interface IProgressEntry
{
    /// <summary>Sets a unit.</summary>
    void SetProgress(int index, double value);

    /// <summary>Sets a unit and where it ends.</summary>
    void SetProgress(int index, double value, double lim);

    /// <summary>Sets a metric.</summary>
    void SetMetric(int index, double value);
}
