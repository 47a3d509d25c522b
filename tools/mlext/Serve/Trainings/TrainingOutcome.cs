using MLExt.Serve.Contract;

namespace MLExt.Serve.Trainings;

/// <summary>How a training ended.</summary>
/// <param name="State">Any state but running.</param>
/// <param name="Model">What it gave; null where it failed.</param>
/// <param name="Error">What went wrong; null if nothing did.</param>
internal sealed record TrainingOutcome(TrainingState State, TrainedImageModel? Model, string? Error);
