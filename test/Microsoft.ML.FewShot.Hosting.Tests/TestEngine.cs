using System.Text;

namespace Microsoft.ML.FewShot.Hosting.Tests;

/// <summary>An engine whose models are the names of their classes in UTF-8, with commas between; an image is of the class whose number its first byte is.</summary>
internal sealed class TestEngine : IClassifierEngine
{
    /// <summary>The model that cannot be loaded.</summary>
    public const string Broken = "broken";

    private int _loaded;

    /// <summary>How many classifiers are in memory.</summary>
    public int Loaded => Volatile.Read(ref _loaded);

    /// <summary>What loading of a model waits for.</summary>
    public Func<string, Task> BeforeLoading { get; set; } = _ => Task.CompletedTask;

    /// <summary>A model.</summary>
    public static byte[] Model(params string[] classes) => Encoding.UTF8.GetBytes(string.Join(',', classes));

    /// <inheritdoc/>
    public async Task<ILoadedClassifier> LoadAsync(byte[] model)
    {
        var text = Encoding.UTF8.GetString(model);
        await BeforeLoading(text);
        if (text == Broken)
        {
            throw new HostedClassifierException(HostedClassifierFault.BadModel, "The model is broken.");
        }

        Interlocked.Increment(ref _loaded);
        return new LoadedModel(this, text.Split(','));
    }

    private sealed class LoadedModel(TestEngine engine, string[] classes) : ILoadedClassifier
    {
        private bool _isDisposed;

        public Task<HostedPrediction> PredictAsync(byte[] image)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return image is [var number, ..] && number < classes.Length
                ? Task.FromResult(new HostedPrediction(classes[number], classes, [.. classes.Select((_, i) => i == number ? 1f : 0f)], null, 0))
                : throw new HostedClassifierException(HostedClassifierFault.BadImage, "The image cannot be decoded.");
        }

        public ValueTask DisposeAsync()
        {
            Assert.IsFalse(_isDisposed);
            _isDisposed = true;
            Interlocked.Decrement(ref engine._loaded);
            return ValueTask.CompletedTask;
        }
    }
}
