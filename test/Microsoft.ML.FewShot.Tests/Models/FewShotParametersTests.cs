using System.Text.RegularExpressions;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public sealed partial class FewShotParametersTests
{
    private static readonly FewShotShape Vectors = new() { ImageSize = 0, FeatureLength = 12 };

    private static readonly FewShotShape[] Shapes =
    [
        new FewShotShape { Channels = 8 }, new FewShotShape { Channels = 8, GeneratedLayers = 2 }, FewShotShape.Paper(8), FewShotShape.Paper(8) with { GeneratedLayers = 4 },
        new FewShotShape { Channels = 8, GeneratedLayers = 4, Normalization = FewShotNormalization.Support }, new FewShotShape { Channels = 8, MetricRank = 16 },
        Vectors, Vectors with { HiddenUnits = 7, GeneratedLayers = 1 }, Vectors with { HiddenUnits = 7 },
    ];

    [TestMethod]
    public void WhatIsDecayedAndWhatIsAMatrixFollowsFromDimensionsAndTheNamesThatAreExceptions()
    {
        var kinds = new SortedDictionary<string, ParameterKind>(StringComparer.Ordinal);
        foreach (var shape in Shapes)
        {
            using var model = new HyperTransformerModel(shape, 1);
            Add(model);
        }

        using var maml = new MamlModel(new FewShotShape { Channels = 8 }, new MamlSettings(), new Random(0));
        Add(maml);
        string[] matrices =
        [
            "convolutions.#.activation.first.weight", "convolutions.#.activation.second.weight",
            "convolutions.#.slices.encoder.blocks.#.attention.key.weight", "convolutions.#.slices.encoder.blocks.#.attention.output.weight",
            "convolutions.#.slices.encoder.blocks.#.attention.query.weight", "convolutions.#.slices.encoder.blocks.#.attention.value.weight",
            "convolutions.#.slices.encoder.blocks.#.down.weight", "convolutions.#.slices.encoder.blocks.#.up.weight",
            "convolutions.#.slices.sample_input.weight", "hidden.slices.encoder.blocks.#.attention.key.weight",
            "hidden.slices.encoder.blocks.#.attention.output.weight", "hidden.slices.encoder.blocks.#.attention.query.weight",
            "hidden.slices.encoder.blocks.#.attention.value.weight", "hidden.slices.encoder.blocks.#.down.weight",
            "hidden.slices.encoder.blocks.#.up.weight", "hidden.slices.sample_input.weight", "image_features.convolutions.#.weight",
            "logits.correction.encoder.blocks.#.attention.key.weight", "logits.correction.encoder.blocks.#.attention.output.weight",
            "logits.correction.encoder.blocks.#.attention.query.weight", "logits.correction.encoder.blocks.#.attention.value.weight",
            "logits.correction.encoder.blocks.#.down.weight", "logits.correction.encoder.blocks.#.up.weight", "logits.correction.sample_input.weight",
            "logits.correction.slot_input.weight", "logits.paper.activation.weight", "logits.paper.slices.encoder.blocks.#.attention.key.weight",
            "logits.paper.slices.encoder.blocks.#.attention.output.weight", "logits.paper.slices.encoder.blocks.#.attention.query.weight",
            "logits.paper.slices.encoder.blocks.#.attention.value.weight", "logits.paper.slices.encoder.blocks.#.down.weight",
            "logits.paper.slices.encoder.blocks.#.up.weight", "trunk.blocks.#.weight", "trunk.hidden.weight", "trunk.metric.weight"
        ];
        string[] notMatrices =
        [
            "convolutions.0.slices.output.weight", "convolutions.1.slices.output.weight", "convolutions.2.slices.output.weight",
            "convolutions.3.slices.output.weight", "hidden.slices.output.weight", "logits.correction.output.weight", "trunk.blocks.0.weight", "weight"
        ];
        string[] notDecayed =
        [
            "convolutions.0.slices.placeholders", "convolutions.0.slices.sample_codes", "convolutions.1.slices.placeholders",
            "convolutions.1.slices.sample_codes", "convolutions.2.slices.placeholders", "convolutions.2.slices.sample_codes",
            "convolutions.3.slices.placeholders", "convolutions.3.slices.sample_codes", "hidden.slices.placeholders", "hidden.slices.sample_codes",
            "logits.correction.placeholders", "logits.correction.sample_codes", "logits.paper.slices.placeholders", "logits.paper.slices.sample_codes",
            "rates"
        ];
        CollectionAssert.AreEqual(matrices, Names(ParameterKind.Matrix).Select(name => Number().Replace(name, "#")).Distinct().ToArray());
        CollectionAssert.AreEqual(notMatrices, Names(ParameterKind.Kernel));
        CollectionAssert.AreEqual(notDecayed, Names(ParameterKind.Other));

        void Add(Module root)
        {
            var all = FewShotParameters.Of(root).ToArray();
            Assert.IsTrue(all.Where(entry => entry.Tensor.dim() < 2).All(entry => entry.Kind == ParameterKind.Other));
            foreach (var (name, tensor, kind) in all.Where(entry => entry.Tensor.dim() >= 2)) kinds[name] = kind;
        }

        string[] Names(ParameterKind kind) => [.. kinds.Where(pair => pair.Value == kind).Select(pair => pair.Key)];
    }

    [GeneratedRegex(@"\b\d+\b")]
    private static partial Regex Number();
}
