using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.FewShot;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Evaluation;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Persistence;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Persistence;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace MLExtensions.Accuracy;

/// <summary>
/// Makes the generator of classifiers of photographs: the correction of the backbone's last stage is trained on tasks of CIFAR-FS's training classes, in the size of
/// the smaller view, and of Caltech-101; how far photographs of one class are apart is measured on Caltech-101, and how far from their class on CIFAR-FS's
/// validation classes.
/// </summary>
internal static class PhotographGenerator
{
    private const int Rank = 8;
    private const int Ways = 8, PerClass = 8, MostShots = 4;
    private const int CifarImages = 60, CifarCopies = 2, CaltechCopies = 3;
    private const int Chunk = 16;
    private const double Rate = 7e-4, ScaleRate = 1e-2, WeightDecay = 0.02;
    private const double WarmUp = 30, LeastRate = 0.05;
    private const double OwnSpread = 0.4;                   // the rest of the whitened covariance is the identity
    private const double LeastArea = 0.35, AspectLog = 0.25;

    /// <summary>Makes both files.</summary>
    /// <param name="data">The folder of the zips.</param>
    /// <param name="output">Where they are put.</param>
    /// <param name="tasks">The training tasks.</param>
    internal static void Make(string data, string output, int tasks)
    {
        using var mode = new TorchMode(gradients: true);
        var clock = Stopwatch.StartNew();
        using var model = new EmbeddingModel(EmbeddingModel.Photographs(Rank));
        model.eval();
        var random = new Random(0);
        var embedding = model.Backbone.Embedding!;
        using var cifar = Maps.Of(embedding, Read(data, "cifar_fs_train.zip", CifarImages), isSmall: true, CifarCopies, random);
        var caltechImages = Read(data, "caltech101_84px.zip", int.MaxValue);
        using var caltech = Maps.Of(embedding, caltechImages, isSmall: false, CaltechCopies, random);
        Console.WriteLine($"{cifar.Count} and {caltech.Count} pictures after {clock.Elapsed.TotalSeconds:F0} s");
        Train(embedding, [cifar, caltech], tasks, random, clock);

        using var network = new FewShotNetwork(model, FewShotMethod.RidgeRegression, ImageNormalization.None, CPU);
        using (new TorchMode(gradients: false))
        {
            var pool = EmbeddedPool.Of(network, ExamplePools.OfImages(caltechImages, Names(caltechImages), 3), null, CancellationToken.None);
            Know(model, pool);
            Console.WriteLine($"spread of classes after {clock.Elapsed.TotalSeconds:F0} s");
            var heldOut = Read(data, "cifar_fs_val.zip", CifarImages);
            using var onEmbeddings = network.Embedded()!;
            onEmbeddings.MeasureSpread(EmbeddedPool.Of(network, ExamplePools.OfImages(heldOut, Names(heldOut), 3), null, CancellationToken.None), seed: 0);
            Save(model, onEmbeddings.Spread, output);
        }

        Console.WriteLine($"done after {clock.Elapsed.TotalSeconds:F0} s");
    }

    private static void Train(PhotographEmbedding embedding, Maps[] sets, int tasks, Random random, Stopwatch clock)
    {
        var correction = embedding.Correction;
        using var logScale = new TorchSharp.Modules.Parameter(TensorArithmetic.Full([], Math.Log(10), float32));
        using var optimizer = optim.AdamW(
        [
            new TorchSharp.Modules.AdamW.ParamGroup(correction.parameters(), Rate, weight_decay: WeightDecay),
            new TorchSharp.Modules.AdamW.ParamGroup([logScale], ScaleRate, weight_decay: 0),
        ]);
        var groups = optimizer.ParamGroups.ToArray();
        var losses = new Queue<double>();
        for (var step = 0; step < tasks; step++)
        {
            using var scope = NewDisposeScope();
            var part = Math.Min(1, (step + 1) / WarmUp) * Math.Max(LeastRate, 0.5 * (1 + Math.Cos(Math.PI * step / tasks)));
            (groups[0].LearningRate, groups[1].LearningRate) = (Rate * part, ScaleRate * part);
            var set = sets[step % sets.Length];
            var shots = random.Next(1, MostShots + 1);
            var (maps, plain) = set.Draw(Ways, PerClass, random);
            var corrected = PhotographEmbedding.Pool(correction.Run(embedding.LastStage, maps));
            var loss = Loss(PhotographEmbedding.Join(plain, corrected), shots, logScale).Add(Loss(corrected, shots, logScale)).Mul(0.5);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            losses.Enqueue(loss.item<float>());
            if (losses.Count > 50)
            {
                losses.Dequeue();
            }

            if ((step + 1) % 25 == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step + 1} tasks, loss {losses.Average():F3}, {clock.Elapsed.TotalSeconds:F0} s"));
            }
        }
    }

    // The nearest class mean of unit vectors centred at the support's mean: [W · (K + Q), F] → the mean cross entropy of the queries.
    private static Tensor Loss(Tensor embeddings, int shots, Tensor logScale)
    {
        var rows = embeddings.view(Ways, PerClass, -1);
        var (support, query) = (rows.narrow(1, 0, shots), rows.narrow(1, shots, PerClass - shots));
        var mean = support.mean([0, 1]);
        var means = nn.functional.normalize(support.sub(mean), dim: 2).mean([1]);                                        // [W, F]
        var asked = nn.functional.normalize(query.sub(mean), dim: 2).reshape(Ways * (PerClass - shots), -1);             // [W · Q, F]
        var logits = asked.matmul(means.t()).Mul(2).sub(means.Square().sum([1])).mul(logScale.exp());
        return nn.functional.cross_entropy(logits, TensorArithmetic.Arange(Ways).repeat_interleave(PerClass - shots));
    }

    // Whitening by the covariance within classes, part by part, and the mean of all.
    private static void Know(EmbeddingModel model, ExamplePool pool)
    {
        using var scope = NewDisposeScope();
        var classes = pool.Classes.Select(one => tensor(one.Examples.SelectMany(example => pool.Vector(example).ToArray()).ToArray(), [one.Examples.Length, pool.Shape.FeatureLength]).to(float64)).ToArray();
        var within = cat(classes.Select(rows => rows.sub(rows.mean([0], keepdim: true))).ToArray(), 0);
        var whitening = within.chunk(2, 1).Select(part =>
        {
            var covariance = part.t().matmul(part);
            var length = covariance.shape[0];
            covariance = covariance.Mul(length / covariance.trace().item<double>() * OwnSpread).Add(eye(length, dtype: float64).Mul(1 - OwnSpread));
            var (values, vectors) = linalg.eigh(covariance);
            return vectors.mul(values.rsqrt()).matmul(vectors.t());
        });
        model.Head.SetKnown(stack(whitening), cat(classes, 0).mean([0]));
    }

    private static void Save(EmbeddingModel model, IReadOnlyList<float>? spread, string output)
    {
        var config = new GeneratorConfiguration(ColumnPart.Of(FewShotColumns.Standard), FewShotMethod.RidgeRegression, NormalizationPart.Of(ImageNormalization.None), model.Shape, null, spread);
        Directory.CreateDirectory(output);
        using (var file = File.Create(Path.Combine(output, "Photographs.json")))
        {
            ModelJson.Write(file, config);
        }

        using var weights = File.Create(Path.Combine(output, "Photographs.safetensors"));
        ModuleWeights.Save(model, weights);
    }

    private static ImageDataSet Read(string folder, string name, int perClass)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        return ZipImages.Read(Path.Combine(folder, name), EmbeddingShape.PhotographSide, Take).Images;

        string? Take(string of) => (counts[of] = counts.GetValueOrDefault(of) + 1) <= perClass ? of : null;
    }

    private static string[] Names(ImageDataSet images) => [.. Enumerable.Range(0, images.Rows.Max(images.Store.Label) + 1).Select(number => $"{number}")];

    /// <summary>What the stages below the last make of pictures and of random parts of them, and what the last makes of that without a correction.</summary>
    private sealed class Maps(Tensor maps, Tensor plain, int[][] classes) : IDisposable
    {
        public long Count => maps.shape[0];

        public static Maps Of(PhotographEmbedding embedding, ImageDataSet images, bool isSmall, int copies, Random random)
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            var side = isSmall ? PhotographEmbedding.SmallSide(images.Side) : images.Side;
            var (maps, plain, labels) = (new List<Tensor>(), new List<Tensor>(), new List<int>());
            foreach (var rows in images.Rows.SelectMany(row => Enumerable.Range(0, copies).Select(copy => (Row: row, Copy: copy))).Chunk(Chunk))
            {
                using var inner = NewDisposeScope();
                var batch = cat(rows.Select(one => View(images, one.Row, one.Copy > 0, side, random)).ToArray(), 0);
                var below = embedding.Trunk.call(batch);
                plain.Add(PhotographEmbedding.Pool(embedding.LastStage.call(below)).MoveToOuterDisposeScope());
                maps.Add(below.contiguous().to(float16).MoveToOuterDisposeScope());
                labels.AddRange(rows.Select(one => images.Store.Label(one.Row)));
            }

            var byClass = labels.Select((label, row) => (label, row)).GroupBy(pair => pair.label, pair => pair.row).Select(group => group.ToArray());
            return new Maps(cat(maps, 0).DetachFromDisposeScope(), cat(plain, 0).DetachFromDisposeScope(), [.. byClass]);
        }

        public (Tensor Maps, Tensor Plain) Draw(int ways, int perClass, Random random)
        {
            var drawn = Enumerable.Range(0, classes.Length).ToArray();
            random.Shuffle(drawn);
            var rows = tensor(drawn.Take(ways).SelectMany(number =>
            {
                var own = (int[])classes[number].Clone();
                random.Shuffle(own);
                return own.Take(perClass);
            }).Select(row => (long)row).ToArray());
            return (maps.index_select(0, rows).to(float32), plain.index_select(0, rows));
        }

        public void Dispose()
        {
            maps.Dispose();
            plain.Dispose();
        }

        // The picture or a part of it, mirrored or not, in a size: [1, 3, side, side].
        private static Tensor View(ImageDataSet images, int row, bool isPart, int side, Random random)
        {
            var pixels = tensor(images.Store.Cache[row].ToArray(), [1, 3, images.Side, images.Side]).to(float32);
            if (isPart)
            {
                var (area, aspect) = (LeastArea + ((1 - LeastArea) * random.NextDouble()), Math.Exp(AspectLog * ((2 * random.NextDouble()) - 1)));
                var width = (long)(images.Side * Math.Min(1, Math.Sqrt(area * aspect)));
                var height = (long)(images.Side * Math.Min(1, Math.Sqrt(area / aspect)));
                pixels = pixels.narrow(3, random.NextInt64(images.Side - width + 1), width).narrow(2, random.NextInt64(images.Side - height + 1), height);
                pixels = random.Next(2) == 0 ? pixels.flip([3]) : pixels;
            }

            return pixels.shape[2] == side && pixels.shape[3] == side ? pixels
                : nn.functional.interpolate(pixels, [side, side], mode: InterpolationMode.Bilinear, align_corners: false);
        }
    }
}
