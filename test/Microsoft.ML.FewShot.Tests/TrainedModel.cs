namespace Microsoft.ML.FewShot.Tests;

/// <summary>One small trained hyper-transformer, trained once, for tests that only look at it.</summary>
internal static class TrainedModel
{
    private static FewShotHyperTransformer? _generator;

    public static MLContext Context { get; } = new(seed: 1);

    public static FewShotHyperTransformer Generator => _generator ??= Symbols.Trainer(Context).Fit(Symbols.Keyed(Context, Symbols.Draw(12, 4)));

    /// <summary>A classifier of the first symbols of another seed.</summary>
    public static FewShotClassifier Classifier(int symbols = 4, int each = 2, Action<FewShotClassifierOptions>? change = null) =>
        Generator.CreateClassifier(Context.Data.LoadFromEnumerable(Symbols.Draw(symbols, each, seed: 2)), Symbols.Named(change));

    public static byte[] Save(ITransformer transformer, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        Context.Model.Save(transformer, schema, stream);
        return stream.ToArray();
    }
}
