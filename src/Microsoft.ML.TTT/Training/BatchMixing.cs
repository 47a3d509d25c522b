using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Seeding;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Training;

/// <summary>Mixup and CutMix: each image is mixed with its predecessor in the batch, and so is the loss.</summary>
internal static class BatchMixing
{
    /// <summary>How one batch is mixed: the share of the image itself, and for CutMix the square that comes from the other.</summary>
    internal readonly record struct Plan(double Share, bool IsCut, int Top, int Left, int Side)
    {
        public static Plan None => new(1, false, 0, 0, 0);
    }

    /// <summary>What to do with the batch of a step. Where both kinds are on, each step draws one.</summary>
    public static Plan Draw(TttTrainingSettings settings, long step, int side)
    {
        if (settings.MixUpAlpha <= 0 && settings.CutMixAlpha <= 0)
        {
            return Plan.None;
        }

        var random = SeededRandom.Create(settings.Seed, RandomPurpose.Mix, step);
        var isCut = settings.MixUpAlpha <= 0 || (settings.CutMixAlpha > 0 && random.NextDouble() < 0.5);
        var share = Beta(random, isCut ? settings.CutMixAlpha : settings.MixUpAlpha);
        if (!isCut)
        {
            return new Plan(share, false, 0, 0, 0);
        }

        var cut = (int)Math.Round(side * Math.Sqrt(1 - share));
        var plan = new Plan(1 - ((double)cut * cut / (side * side)), true, random.Next(side - cut + 1), random.Next(side - cut + 1), cut);
        return cut == 0 ? Plan.None : plan;
    }

    /// <summary>The predecessor of each of a batch's own images or labels, [B', ...] → [B, ...]; of the first, the last of the whole batch.</summary>
    private static Tensor Others(Tensor all, bool hasPredecessor) => hasPredecessor ? all.narrow(0, 0, all.size(0) - 1) : all.roll(1, 0);

    /// <summary>Of a batch's images or labels its own, [B', ...] → [B, ...].</summary>
    public static Tensor Own(Tensor all, bool hasPredecessor) => hasPredecessor ? all.narrow(0, 1, all.size(0) - 1) : all.alias();

    /// <summary>The batch's own images, mixed by <paramref name="plan"/>.</summary>
    /// <param name="all">[B', C, S, S].</param>
    /// <param name="plan">How.</param>
    /// <param name="hasPredecessor">See <see cref="ImageBatch.HasPredecessor"/>.</param>
    /// <returns>[B, C, S, S].</returns>
    public static Tensor Mix(Tensor all, Plan plan, bool hasPredecessor = false)
    {
        var images = Own(all, hasPredecessor);
        if (plan.Share >= 1)
        {
            return images;
        }

        using var scope = NewDisposeScope();
        var others = Others(all, hasPredecessor);
        if (!plan.IsCut)
        {
            return images.Mul(plan.Share).Add_(others, alpha: 1 - plan.Share).MoveToOuterDisposeScope();
        }

        var mixed = images.clone();
        Square(mixed, plan).copy_(Square(others, plan));
        return mixed.MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the losses against the own labels and those of the other images, weighed as the images are.</summary>
    public static Tensor Loss(Tensor logits, Tensor labels, Plan plan, double labelSmoothing, bool hasPredecessor = false)
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.cross_entropy(logits, Own(labels, hasPredecessor), label_smoothing: labelSmoothing);
        if (plan.Share < 1)
        {
            var other = nn.functional.cross_entropy(logits, Others(labels, hasPredecessor), label_smoothing: labelSmoothing);
            loss = loss.Mul(plan.Share).Add(other.Mul(1 - plan.Share));
        }

        return loss.MoveToOuterDisposeScope();
    }

    private static Tensor Square(Tensor images, Plan plan) => images.narrow(2, plan.Top, plan.Side).narrow(3, plan.Left, plan.Side);

    /// <summary>Beta(alpha, alpha), as a ratio of two Gamma draws.</summary>
    internal static double Beta(Random random, double alpha)
    {
        var (a, b) = (Gamma(random, alpha), Gamma(random, alpha));
        return a + b > 0 ? a / (a + b) : 0.5;
    }

    /// <summary>Gamma(shape, 1) by Marsaglia and Tsang (2000); small shapes by their boost.</summary>
    private static double Gamma(Random random, double shape)
    {
        if (shape < 1)
        {
            return Gamma(random, shape + 1) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var cube = Math.Pow(1 + (c * normal), 3);
            if (cube > 0 && Math.Log(1 - random.NextDouble()) < (normal * normal / 2) + d - (d * cube) + (d * Math.Log(cube)))
            {
                return d * cube;
            }
        }
    }
}
