using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

/// <summary>Gradients that reach the generators through generated layers, against central differences in double precision.</summary>
[TestClass]
public class GeneratedGradientTests
{
    // Small, so that no rectifier or maximum switches on the way.
    private const double Step = 1e-6;

    [TestMethod]
    [DataRow(FewShotDesign.Prototype, FewShotNormalization.Running)]
    [DataRow(FewShotDesign.Prototype, FewShotNormalization.Support)]
    [DataRow(FewShotDesign.Paper, FewShotNormalization.Support)]
    [DataRow(FewShotDesign.Paper, FewShotNormalization.Query)]
    public void GradientsAreFiniteDifferences(FewShotDesign design, FewShotNormalization normalization)
    {
        using var scope = NewDisposeScope();
        var shape = new FewShotShape
        {
            ImageSize = 8,
            Channels = 3,
            Convolutions = 2,
            GeneratedLayers = 2,
            Design = design,
            PreNorm = design == FewShotDesign.Prototype,
            Normalization = normalization,
            AddLearnedWeights = design == FewShotDesign.Prototype,
            MaxWays = 3,
            EncoderWidth = 6,
            LabelWidth = 4,
            ImageFeatures = 2
        };
        using var model = new HyperTransformerModel(shape, 1);
        Tasks.Awaken(model, 7);
        model.to(ScalarType.Float64);
        model.eval();       // in training the centre and the running statistics would move from call to call
        var (support, query) = (Drawn.Normal(1, 2, 5, 1, 8, 8).to(ScalarType.Float64), Drawn.Normal(2, 2, 3, 1, 8, 8).to(ScalarType.Float64));
        var candidates = Tasks.Candidates(3, [0, 1, 2, Tasks.Open, 0], [1, 0, 2, 2, Tasks.Absent]).to(ScalarType.Float64);
        var labels = tensor(new long[] { 0, 1, 2, 2, 1, 0 });
        double Loss() => Value(model, support, candidates, query, labels).item<double>();

        Value(model, support, candidates, query, labels).backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            int at = (int)(parameter.numel() / 2);
            double slope = parameter.grad!.reshape(-1)[at].item<double>();
            using var mode = no_grad();
            var element = parameter.view(-1).narrow(0, at, 1);
            element.Add_(Step);
            double above = Loss();
            element.Add_(-2 * Step);
            double below = Loss();
            element.Add_(Step);
            double expected = (above - below) / (2 * Step);
            Assert.AreEqual(expected, slope, 1e-8 + 1e-6 * Math.Abs(expected), name);
        }
    }

    private static Tensor Value(HyperTransformerModel model, Tensor support, Tensor candidates, Tensor query, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var logits = model.Logits(support, candidates, query);
        return nn.functional.cross_entropy(logits.view(6, 3), labels).MoveToOuterDisposeScope();
    }
}
