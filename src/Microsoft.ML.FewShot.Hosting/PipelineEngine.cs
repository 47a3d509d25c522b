using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using Microsoft.ML.Data;

namespace Microsoft.ML.FewShot.Hosting;

/// <summary>Answers with ML.NET models that take the bytes of an image file in their one column of bytes, and give scores with names and a predicted label.</summary>
/// <param name="options">How much it does at a time.</param>
internal sealed class PipelineEngine(IOptions<HostedClassifierOptions> options) : IClassifierEngine, IDisposable
{
    private const string Score = "Score";
    private const string PredictedLabel = "PredictedLabel";
    private const string KnownScore = "KnownScore";

    private readonly MLContext _context = new();
    private readonly SemaphoreSlim _workers = new(options.Value.Workers);
    private int _waiting;

    /// <inheritdoc/>
    public Task<ILoadedClassifier> LoadAsync(byte[] model) => Run<ILoadedClassifier>(() =>
    {
        ITransformer transformer;
        DataViewSchema? input;
        try
        {
            using var file = new MemoryStream(model, writable: false);
            transformer = _context.Model.Load(file, out input);
        }
        catch (Exception e)
        {
            // ML.NET makes what is in a model by reflection.
            var cause = e is TargetInvocationException ? e.GetBaseException() : e;
            if (cause is FormatException or InvalidDataException or ArgumentException or InvalidOperationException or IOException)
            {
                throw new HostedClassifierException(HostedClassifierFault.BadModel, $"The bytes are no ML.NET model that can be loaded: {cause.Message}", cause);
            }

            ExceptionDispatchInfo.Throw(cause);
            throw;
        }

        try
        {
            return new LoadedPipeline(this, transformer, input);
        }
        catch (Exception e)
        {
            (transformer as IDisposable)?.Dispose();
            throw e is HostedClassifierException ? e
                : new HostedClassifierException(HostedClassifierFault.BadModel, $"The model cannot be asked about an image alone: {e.Message}", e);
        }
    });

    /// <inheritdoc/>
    public void Dispose() => _workers.Dispose();

    private async Task<T> Run<T>(Func<T> work)
    {
        if (Interlocked.Increment(ref _waiting) > options.Value.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new HostedClassifierException(HostedClassifierFault.Busy, $"{options.Value.MaxWaiting} requests are waiting already; try again later.");
        }

        try
        {
            await _workers.WaitAsync().ConfigureAwait(false);
            try
            {
                return await Task.Run(work).ConfigureAwait(false);
            }
            finally
            {
                _workers.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private sealed class Input
    {
        public byte[] Image { get; init; } = [];

        // Where a pipeline has the step that made keys of labels to learn from.
        public string Label { get; init; } = "";
    }

    private sealed class Output
    {
        [ColumnName(PipelineEngine.Score)]
        public float[] Score { get; init; } = [];

        [ColumnName(PipelineEngine.PredictedLabel)]
        public string? Label { get; init; }

        [ColumnName(PipelineEngine.KnownScore)]
        public float KnownScore { get; init; }
    }

    private sealed class LoadedPipeline : ILoadedClassifier
    {
        private readonly PipelineEngine _engine;
        private readonly ITransformer _transformer;
        private readonly PredictionEngine<Input, Output> _predictions;
        private readonly string[] _classes;
        private readonly bool _saysKnown;

        public LoadedPipeline(PipelineEngine engine, ITransformer transformer, DataViewSchema? input)
        {
            (_engine, _transformer) = (engine, transformer);
            var images = input?.Where(column => column.Type is VectorDataViewType { ItemType.RawType: var item } && item == typeof(byte)).ToArray() ?? [];
            var output = input is null ? null : transformer.GetOutputSchema(input);
            if (images.Length != 1 || output?.GetColumnOrNull(Score)?.Type is not VectorDataViewType { IsKnownSize: true } || output.GetColumnOrNull(PredictedLabel) is not { } label)
            {
                throw new HostedClassifierException(HostedClassifierFault.BadModel,
                    $"The model is no classifier of images: expected one input column of bytes, and the columns {Score} (vector) and {PredictedLabel}; found "
                    + $"{images.Length} columns of bytes, and ({string.Join(", ", output?.Select(column => $"{column.Name}: {column.Type}") ?? [])}).");
            }

            var names = default(VBuffer<ReadOnlyMemory<char>>);
            output[Score].GetSlotNames(ref names);
            _classes = [.. names.DenseValues().Select(name => name.ToString())];
            _saysKnown = output.GetColumnOrNull(KnownScore) is not null;

            var rows = SchemaDefinition.Create(typeof(Input));
            rows[nameof(Input.Image)].ColumnName = images[0].Name;
            var texts = input!.Where(column => column.Type is TextDataViewType).ToArray();
            if (texts is [var only])
            {
                rows[nameof(Input.Label)].ColumnName = only.Name;
            }
            else
            {
                rows.Remove(rows[nameof(Input.Label)]);
            }

            var context = engine._context;
            var pipeline = label.Type is KeyDataViewType
                ? transformer.Append(context.Transforms.Conversion.MapKeyToValue(PredictedLabel).Fit(transformer.Transform(context.Data.LoadFromEnumerable(Array.Empty<Input>(), rows))))
                : transformer;
            _predictions = context.Model.CreatePredictionEngine<Input, Output>(
                pipeline, new PredictionEngineOptions { OwnsTransformer = false, IgnoreMissingColumns = true, InputSchemaDefinition = rows });
        }

        public Task<HostedPrediction> PredictAsync(byte[] image) => _engine.Run(() => Predict(image));

        public async ValueTask DisposeAsync() => await Task.Run(() =>
        {
            lock (_predictions)
            {
                _predictions.Dispose();
                (_transformer as IDisposable)?.Dispose();
            }
        }).ConfigureAwait(false);

        private HostedPrediction Predict(byte[] image)
        {
            lock (_predictions)
            {
                var clock = Stopwatch.StartNew();
                var answer = _predictions.Predict(new Input { Image = image });
                if (answer.Score.Length != _classes.Length || answer.Score.Any(float.IsNaN))
                {
                    throw new HostedClassifierException(HostedClassifierFault.BadImage, "The image cannot be decoded.");
                }

                var best = Enumerable.Range(0, _classes.Length).OrderByDescending(i => answer.Score[i]).ToArray();
                return new HostedPrediction(
                    string.IsNullOrEmpty(answer.Label) ? null : answer.Label,
                    [.. best.Select(i => _classes[i])], [.. best.Select(i => answer.Score[i])], _saysKnown ? answer.KnownScore : null, clock.Elapsed.TotalMilliseconds);
            }
        }
    }
}
