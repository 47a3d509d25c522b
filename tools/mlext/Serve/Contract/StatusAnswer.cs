namespace MLExt.Serve.Contract;

/// <summary>What this server is.</summary>
/// <param name="Version">The version of the tool.</param>
/// <param name="Device">What computes: <c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Limits">What is accepted and kept.</param>
/// <param name="Model">The model of <c>POST /api/predict</c>, or null.</param>
/// <param name="Mixers">The token mixers that a training can use.</param>
/// <param name="Generator">What generates classifiers.</param>
/// <param name="Folders">Whether data sets may be folders of this machine.</param>
internal sealed record StatusAnswer(
    string Version, string Device, ServeLimits Limits, ModelAnswer? Model, IReadOnlyList<string> Mixers, GeneratorAnswer Generator, bool Folders);
