namespace MLExt.Serve.Contract;

/// <summary>Whether a training runs, or how it ended.</summary>
internal enum TrainingState
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It took its time, and there is a model.</summary>
    Finished,

    /// <summary>It was stopped, and there is a model: the best until then.</summary>
    Stopped,

    /// <summary>There is no model.</summary>
    Failed,
}
