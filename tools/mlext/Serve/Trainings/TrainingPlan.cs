using Microsoft.ML.TTT;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Torch;
using MLExt.Commands;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;
using MLExt.Training;

namespace MLExt.Serve.Trainings;

/// <summary>What a request asks of a training, checked.</summary>
/// <param name="Name">Name of the model, fit for a file.</param>
/// <param name="TrainTime">Time that it may take, measuring included.</param>
/// <param name="Settings">How to train.</param>
internal sealed record TrainingPlan(string Name, TimeSpan TrainTime, ImageTrainingSettings Settings)
{
    private const int LongestTime = 7 * 24 * 60 * 60;
    private const int SmallestImage = 8;
    private const int LargestImage = 4096;

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="usualName">Name of the model where none is asked for.</param>
    /// <param name="usualGpu">CUDA device where none is asked for.</param>
    /// <exception cref="ProblemException">Something is impossible.</exception>
    public static TrainingPlan Of(TrainingRequest request, string usualName, int? usualGpu)
    {
        string[] faults =
        [
            .. Outside("trainTime", request.TrainTime, 1, LongestTime),
            .. Outside("imageSize", request.ImageSize, SmallestImage, LargestImage),
            .. NoMultiple(request),
            .. Outside("gpu", request.Gpu, 0, int.MaxValue),
            .. Missing(request.Gpu),
            .. request.Backbone is { } backbone && EnumNames.Backbones.Find(backbone) is null ? [$"'backbone' is '{backbone}'; expected one of {EnumNames.Backbones.Listed}."] : (string[])[],
            .. request.TokenMixer is { } name && MixerNames.Find(name) is null ? [$"'tokenMixer' is '{name}'; expected one of {MixerNames.Listed}."] : (string[])[],
        ];
        if (faults.Length > 0)
        {
            throw ProblemException.BadRequest(string.Join(' ', faults));
        }

        var time = TimeSpan.FromSeconds(request.TrainTime);
        return new TrainingPlan(SafeName.Of(request.Name ?? usualName, "model"), time, new ImageTrainingSettings
        {
            TrainTime = time,
            Backbone = request.Backbone is { } chosen ? EnumNames.Backbones.Find(chosen)!.Value : ImageBackbone.Auto,
            TokenMixer = request.TokenMixer is { } mixer ? MixerNames.Find(mixer) : null,
            ImageSize = request.ImageSize,
            FalseRejectionRate = request.RejectUnknown ? new TTTImageClassificationTrainer.Options().FalseRejectionRate : null,
            Seed = request.Seed ?? 0,
            Gpu = request.Gpu ?? usualGpu,
        });
    }

    private static IEnumerable<string> NoMultiple(TrainingRequest request)
    {
        if (request.ImageSize is not { } side)
        {
            return [];
        }

        var isOnBackbone = request.Backbone == EnumNames.Backbones.Of(ImageBackbone.ResNet18);
        var step = (isOnBackbone ? ModelShape.OnResNet18(side, classes: 2) : ModelShape.Compact(side, classes: 2)).PatchSize;
        return side % step == 0 ? [] : [$"'imageSize' is {side}; expected a multiple of {step}."];
    }

    private static IEnumerable<string> Missing(int? gpu)
    {
        try
        {
            TorchDevice.Resolve(gpu is < 0 ? null : gpu, fallbackToCpu: false, _ => { });
            return [];
        }
        catch (InvalidOperationException)
        {
            return [$"'gpu' is {gpu}, which this computer does not have."];
        }
    }

    private static IEnumerable<string> Outside(string name, int? value, int smallest, int largest) =>
        value < smallest || value > largest ? [$"'{name}' is {value}; expected {smallest} to {largest}."] : [];
}
