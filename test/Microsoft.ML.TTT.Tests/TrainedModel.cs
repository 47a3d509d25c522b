namespace Microsoft.ML.TTT.Tests;

/// <summary>One small trained model with its data, for tests that only look at it.</summary>
internal sealed class TrainedModel : IDisposable
{
    public TrainedModel()
    {
        Data = DrawnImages.Keyed(Context, DrawnImages.Pictures(48));
        Transformer = DrawnImages.Trainer(Context, options => options.Epoch = 1).Fit(Data);
    }

    public MLContext Context { get; } = new(seed: 1);

    public IDataView Data { get; }

    public TTTImageClassificationTransformer Transformer { get; }

    public byte[] Save()
    {
        using var stream = new MemoryStream();
        Context.Model.Save(Transformer, Data.Schema, stream);
        return stream.ToArray();
    }

    public void Dispose() => Transformer.Dispose();
}
