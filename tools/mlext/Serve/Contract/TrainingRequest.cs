namespace MLExt.Serve.Contract;

/// <summary>A training to start.</summary>
/// <param name="DataSet">The id of the images.</param>
/// <param name="TrainTime">Seconds that it may take, measuring included, 1 and up.</param>
/// <param name="Backbone">The pretrained network under the model: auto, none or resnet18; null for auto.</param>
/// <param name="TokenMixer">What mixes the tokens; null for the standard mixture.</param>
/// <param name="ImageSize">Side in pixels of the square that images are brought to, 8 to 4096; null to follow the images.</param>
/// <param name="Seed">Seed of everything random; null for 0.</param>
/// <param name="Gpu">CUDA device; null for what the server was started with.</param>
/// <param name="RejectUnknown">Whether the model may take images for none of its classes.</param>
/// <param name="Name">Name of the model; null for that of the data set.</param>
internal sealed record TrainingRequest(
    string DataSet, int TrainTime, string? Backbone = null, string? TokenMixer = null, int? ImageSize = null, int? Seed = null, int? Gpu = null, bool RejectUnknown = false,
    string? Name = null);
