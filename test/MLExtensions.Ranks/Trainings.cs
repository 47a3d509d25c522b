using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using Microsoft.ML.TTT;

namespace MLExtensions.Ranks;

/// <summary>Trainings of drawn pictures that take seconds.</summary>
internal static class Trainings
{
    private const int Side = 16;

    public static void Images(string file, Settings settings, ProcessGroup group)
    {
        var side = (int)(settings.Number("side") ?? Side);
        var context = new MLContext(seed: 1);
        var data = Load(context, Draw(classes: 4, each: (int)(settings.Number("each") ?? 34), colors: 3, side), side);
        List<TTTImageClassificationTrainer.ImageClassificationMetrics> steps = [];
        var options = new TTTImageClassificationTrainer.Options
        {
            ImageSize = side,
            Epoch = (int)(settings.Number("epochs") ?? 25),
            BatchSize = (int)(settings.Number("batch") ?? 64),
            Seed = 3,
            ValidationSetFraction = 0.05f,
            TokenMixer = Enum.Parse<TokenMixer>(settings.Text("mixer") ?? nameof(TokenMixer.TttMlp)),
            ProcessGroup = group,
            CheckpointPath = settings.Text("checkpoint"),
            TrainTime = settings.Number("time") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MetricsCallback = metrics =>
            {
                if (metrics.Train.DatasetUsed == TTTImageClassificationTrainer.ImageClassificationMetrics.Dataset.Train)
                {
                    steps.Add(metrics);
                }
            },
        };
        options.Recipe.Optimizer = Enum.Parse<TTTImageClassificationTrainer.OptimizerAlgorithm>(settings.Text("optimizer") ?? nameof(TTTImageClassificationTrainer.OptimizerAlgorithm.Muon));
        options.Recipe.MixUpAlpha = (float)(settings.Number("mixup") ?? 0);
        options.Recipe.CutMixAlpha = (float)(settings.Number("cutmix") ?? 0);
        options.Recipe.EmaDecay = (float?)settings.Number("ema");
        options.Recipe.ClipNorm = (float?)settings.Number("clip");
        if (settings.Text("model") != "standard")
        {
            (options.Model.Depth, options.Model.Width, options.Model.Heads) = (1, 32, 2);
        }

        options.LearningRate = (float)(settings.Number("rate") ?? options.LearningRate);
        options.Recipe.MatrixLearningRate = (float)(settings.Number("matrix-rate") ?? options.Recipe.MatrixLearningRate);
        using var model = context.MulticlassClassification.Trainers.TTTImageClassification(options).Fit(data);
        Save(context, model, data, file, group);
        if (group.Rank == 0 && settings.Text("timed") is not null)
        {
            // Between two steps of one epoch; the first epoch has what is done once.
            double[] times = [.. steps.Zip(steps.Skip(1)).Where(pair => pair.First.Train.Epoch == pair.Second.Train.Epoch && pair.First.Train.Epoch > steps[0].Train.Epoch)
                .Select(pair => (pair.Second.Elapsed - pair.First.Elapsed).TotalMilliseconds).Order()];
            Console.WriteLine(FormattableString.Invariant($"a step: {times[times.Length / 2]:F1} ms, the middle of {times.Length}"));
        }
    }

    public static void FewShot(string file, Settings settings, ProcessGroup group)
    {
        var context = new MLContext(seed: 1);
        var data = Load(context, Draw(classes: 12, each: 8, colors: 1, Side), Side);
        var options = new FewShotHyperTransformerTrainer.Options
        {
            ImageSize = Side,
            Input = FewShotInput.Images,
            Channels = 4,
            MaxWays = 3,
            MaxShots = 2,
            Seed = 3,
            Method = Enum.Parse<FewShotMethod>(settings.Text("method") ?? nameof(FewShotMethod.HyperTransformer)),
            ValidationClassFraction = 0.3f,
            Effort = (float)(settings.Number("effort") ?? 0.005),
            ProcessGroup = group,
            CheckpointPath = settings.Text("checkpoint"),
        };
        options.Model.GeneratedConvolutions = (int)(settings.Number("generated") ?? 0);
        using var model = context.MulticlassClassification.Trainers.FewShotHyperTransformer(options).Fit(data);
        Save(context, model, data, file, group);
    }

    private static void Save(MLContext context, ITransformer model, IDataView data, string file, ProcessGroup group)
    {
        if (group.Rank == 0)
        {
            context.Model.Save(model, data.Schema, file);
        }
    }

    private static IDataView Load(MLContext context, IEnumerable<Row> rows, int side)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3 * side * side);
        return context.Data.LoadFromEnumerable(rows, schema);
    }

    // Bars of a direction and a brightness, with noise.
    private static IEnumerable<Row> Draw(int classes, int each, int colors, int side)
    {
        var random = new Random(1);
        for (var i = 0; i < classes * each; i++)
        {
            var label = i % classes;
            var (angle, shift) = (Math.PI * label / classes, random.NextDouble() * 6);
            var pixels = new float[3 * side * side];
            for (var place = 0; place < side * side; place++)
            {
                var wave = Math.Sin((Math.Cos(angle) * (place % side)) + (Math.Sin(angle) * (place / side)) + shift);
                for (var color = 0; color < 3; color++)
                {
                    pixels[(color * side * side) + place] = (float)Math.Clamp(128 + (80 * wave * (colors == 1 ? 1 : 1 + (0.3 * color))) + (colors == 1 && color > 0 ? 0 : random.Next(-30, 30)), 0, 255);
                }

                if (colors == 1)
                {
                    (pixels[(side * side) + place], pixels[(2 * side * side) + place]) = (pixels[place], pixels[place]);
                }
            }

            yield return new Row { Label = (uint)label + 1, Features = pixels };
        }
    }

    private sealed class Row
    {
        [KeyType(12)]
        public uint Label { get; set; }

        public required float[] Features { get; set; }
    }
}
