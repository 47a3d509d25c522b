using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Pictures [B, 3, S, S], 0 to 255, → tokens [B, (S / 32)², D]: a pretrained ResNet-18, layer normalisation of each place's 512 features, and a linear map.
/// The stages of the network that are not trained are no part of the module's weights: they are the package's, and are not saved.
/// </summary>
internal sealed class BackboneEmbedding : Module<Tensor, Tensor>
{
    private readonly ResNetStages? tail;
    private readonly LayerNorm norm;
    private readonly Dense map;
    private readonly Holder _frozen;

    /// <param name="width">D.</param>
    /// <param name="tunedStages">The last stages of the network that are trained too, 0 to 4.</param>
    /// <param name="random">Draws the start weights.</param>
    /// <exception cref="FileNotFoundException">The network is not beside the app.</exception>
    internal BackboneEmbedding(long width, int tunedStages, Random random)
        : base(nameof(BackboneEmbedding))
    {
        FrozenStages = ResNet18.Stages - tunedStages;
        (var frozen, tail) = ResNet18File.Load(FrozenStages);
        _frozen = new Holder(frozen);
        norm = Layers.LayerNorm(ResNet18.Channels(ResNet18.Stages));
        map = Dense.Xavier(random, ResNet18.Channels(ResNet18.Stages), width);
        RegisterComponents();
    }

    /// <summary>The part of the network that is not trained.</summary>
    internal ResNet18 Frozen => _frozen.Network;

    /// <summary>The stages that are not trained.</summary>
    internal int FrozenStages { get; }

    /// <summary>The channels C and the side G of what they make of images of a side.</summary>
    internal (int Channels, int Grid) FeatureShape(int side) => (ResNet18.Channels(FrozenStages), ResNet18.GridSide(side, FrozenStages));

    /// <summary>Says that the weights of the trained stages do not change any more.</summary>
    internal void Freeze() => tail?.Freeze();

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return FromFeatures(Features(images, Type(images))).MoveToOuterDisposeScope();
    }

    /// <summary>What the stages that are not trained make of pictures: [B, 3, S, S] → [B, C, G, G].</summary>
    internal Tensor Features(Tensor images, ScalarType type = ScalarType.Float32)
    {
        using var none = no_grad();
        return _frozen.On(images.device).Run(images, type);
    }

    /// <summary>From these features to tokens: [B, C, G, G] → [B, N, D].</summary>
    internal Tensor FromFeatures(Tensor features)
    {
        using var scope = NewDisposeScope();
        var last = tail is null ? features : tail.call(features.to(Type(features))).to(float32);        // [B, 512, S/32, S/32]
        return map.call(norm.call(TokenGrid.ToTokens(last))).MoveToOuterDisposeScope();
    }

    private ScalarType Type(Tensor input) => training && tail is not null ? TrainingPrecision.On(input.device) : ScalarType.Float32;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _frozen.Dispose();
        }

        base.Dispose(disposing);
    }

    // A module that is kept from being found as a part of the one that holds it, and follows what it works on to its device.
    private sealed class Holder(ResNet18 network) : IDisposable
    {
        public ResNet18 Network => network;

        private DeviceType _type = DeviceType.CPU;

        public ResNet18 On(Device device)
        {
            if (_type != device.type)
            {
                network.to(device);
                _type = device.type;
            }

            return network;
        }

        public void Dispose() => network.Dispose();
    }
}
