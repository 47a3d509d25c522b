using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.FewShot;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Onnx;
using Microsoft.ML.FewShot.Training;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Scoring;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>The hyper-transformer that generates a logits layer, on grey images of 28 pixels, and what it generates.</summary>
internal static class FewShotWork
{
    private const int Ways = 20, Side = 28, Tasks = 16, Queries = 2, Scored = 64;

    /// <summary>Steps of 16 tasks of 20 classes, one support image and two queries of each; everything is trained.</summary>
    internal static Func<double> Episodes(int channels)
    {
        var model = Model(channels);
        var plan = new EpisodePlan(Tasks, Ways, shots: 1, unlabeled: 0, Queries);
        for (var row = 0; row < Tasks * Ways; row++)
        {
            plan.Candidates[(row * Ways) + (row % Ways)] = 1;
        }

        var examples = Images(Tasks * Ways * (1 + Queries));
        return TransformerWork.Steps(new EpisodeTrainable(model, 0.5, examplesPerBatch: 1, validation: null), () => EpisodeBatch.Create(examples, plan, CPU));
    }

    /// <summary>Some images of each class → a classifier that needs nothing else.</summary>
    internal static Func<double> Adapt(int channels, int ways = Ways, int shots = 1)
    {
        var model = Model(channels, ways);
        model.eval();
        var (support, candidates) = Support(ways, shots);
        return OurSide.Repeated(() => Generate(model, support, candidates).Dispose());
    }

    /// <summary>64 images as bytes → probabilities.</summary>
    internal static Func<double> Classify(int channels)
    {
        var scorer = Classifier(channels);
        var (features, probabilities) = (Bytes(), new float[Scored * Ways]);
        return OurSide.Repeated(() => scorer.Score(features, probabilities, []));
    }

    /// <summary>The same by ONNX Runtime, from the file that ours is exported to.</summary>
    internal static Func<double> ClassifyInOnnxRuntime(int channels, int threads)
    {
        var classes = new ClassLabels(Ways);
        var file = FewShotOnnx.Export(Classifier(channels), classes, FewShotMethod.HyperTransformer, OnnxPart.Whole).ToByteArray();
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        var session = new InferenceSession(file, options);
        NamedOnnxValue[] input = [NamedOnnxValue.CreateFromTensor("image", new DenseTensor<byte>(Bytes(), [Scored, Side, Side, 1]))];
        return OurSide.Repeated(() => session.Run(input).Dispose());
    }

    private static HyperTransformerModel Model(int channels, int ways = Ways) =>
        new(FewShotSettings.Shape(new FewShotHyperTransformerTrainer.Options { Channels = channels, MaxWays = ways }, ExampleShape.Images(colors: 1, Side)), seed: 1);

    private static ClassifierScorer Classifier(int channels)
    {
        using var model = Model(channels);
        model.eval();
        var (support, candidates) = Support();
        return new ClassifierScorer(Generate(model, support, candidates), new ImageNormalization([128], [64]), [.. Enumerable.Range(0, Ways)], CPU);
    }

    private static TargetNetwork Generate(HyperTransformerModel model, Tensor support, Tensor candidates)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        return model.GenerateLayers(support, candidates).Extract(0);
    }

    private static (Tensor Support, Tensor Candidates) Support(int ways = Ways, int shots = 1) => (Images(ways * shots).unsqueeze(0), eye(ways).repeat(shots, 1).unsqueeze(0));

    // [count, 1, S, S]
    private static Tensor Images(int count)
    {
        var random = new Random(2);
        return tensor(Enumerable.Range(0, count * Side * Side).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray(), [count, 1, Side, Side]);
    }

    private static byte[] Bytes()
    {
        var bytes = new byte[Scored * Side * Side];
        new Random(3).NextBytes(bytes);
        return bytes;
    }
}
