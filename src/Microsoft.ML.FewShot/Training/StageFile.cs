using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The weights of a finished stage, kept until the run is finished.</summary>
/// <remarks>A <see cref="RunFile"/> with the <see cref="TrainingResult"/> under "result" and the stage's state as tensors.</remarks>
internal static class StageFile
{
    private const string ResultKey = "result";

    public static void Write(string path, IReadOnlyList<(string Name, Tensor Value)> state, TrainingResult result, IReadOnlyDictionary<string, string> fingerprint) =>
        RunFile.Write(path, ResultKey, result, state, fingerprint);

    /// <summary>Fills <paramref name="state"/> and says what the stage came to; null where there is no file.</summary>
    /// <exception cref="InvalidOperationException">The file belongs to a run with other settings or data.</exception>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static TrainingResult? Read(string path, IReadOnlyList<(string Name, Tensor Value)> state, IReadOnlyDictionary<string, string> fingerprint) =>
        !File.Exists(path) ? null : RunFile.Read<TrainingResult>(path, ResultKey, fingerprint, (result, saved) =>
        {
            if (!result.IsPossible)
            {
                throw new FormatException("It says that its stage came to what none can come to.");
            }

            foreach (var (name, value) in state)
            {
                SavedTensors.CopyTo(saved, name, value);
            }

            SavedTensors.CheckFinite(state);
        });
}
