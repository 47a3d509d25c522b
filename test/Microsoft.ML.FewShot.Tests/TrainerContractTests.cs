using MLExtensions.Testing;
using Microsoft.ML.Data;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class TrainerContractTests
{
    private readonly MLContext _context = new(seed: 1);

    private IDataView[] WrongInputs =>
    [
        _context.Data.LoadFromEnumerable([new NoFeatures()]),
        _context.Data.LoadFromEnumerable([new NumberFeatures()]),
        _context.Data.LoadFromEnumerable([new TextFeatures()]),
        _context.Data.LoadFromEnumerable([new NumberLabels()]),
    ];

    [TestMethod]
    public void ATrainerOfImagesKeepsTheContract()
    {
        var data = Symbols.Keyed(_context, Symbols.Draw(Symbols.MaxWays, 3));
        using var generator = (IDisposable)new EstimatorContract(_context, Symbols.Trainer(_context)).Check(data, WrongInputs, 0, isRowToRow: false);
    }

    [TestMethod]
    public void ATrainerOfFeaturesKeepsTheContract()
    {
        var data = _context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 4));
        using var generator = (IDisposable)new EstimatorContract(_context, Symbols.Trainer(_context)).Check(data, WrongInputs, 0, isRowToRow: false);
    }

    [TestMethod]
    [DataRow(FewShotMethod.PrototypicalNetwork)]
    [DataRow(FewShotMethod.SoftKMeans)]
    [DataRow(FewShotMethod.LogisticRegression)]
    [DataRow(FewShotMethod.Maml)]
    [DataRow(FewShotMethod.LstmMetaLearner)]
    [DataRow(FewShotMethod.LgmNet)]
    public void ABaselineKeepsTheContract(FewShotMethod method)
    {
        var data = Symbols.Keyed(_context, Symbols.Draw(Symbols.MaxWays, 3));
        var trainer = Symbols.Trainer(_context, options => options.Method = method);
        using var generator = (FewShotHyperTransformer)new EstimatorContract(_context, trainer).Check(data, [], 0, isRowToRow: false);
        Assert.AreEqual(method, generator.Method);
    }

    [TestMethod]
    [DataRow(4, FewShotDesign.Prototype, null)]
    [DataRow(2, FewShotDesign.Prototype, FewShotNormalization.Support)]
    [DataRow(4, FewShotDesign.Paper, null)]
    [DataRow(0, FewShotDesign.Prototype, FewShotNormalization.Query)]
    public void EveryDesignKeepsTheContract(int convolutions, FewShotDesign design, FewShotNormalization? normalization)
    {
        var data = Symbols.Keyed(_context, Symbols.Draw(Symbols.MaxWays, 3));
        var trainer = Symbols.Trainer(_context, options =>
            (options.Model.GeneratedConvolutions, options.Model.Design, options.Model.Normalization, options.Effort) = (convolutions, design, normalization, 0.002f));
        using var generator = (FewShotHyperTransformer)new EstimatorContract(_context, trainer).Check(data, [], 0, isRowToRow: false);
        Assert.AreEqual(convolutions, generator.GeneratedConvolutions);
    }

    [TestMethod]
    public void AnEstimatorOfClassifiersKeepsTheContractWithKeys() => CheckClassifier(Symbols.Keyed(_context, Symbols.Draw(4, 2)), "Label");

    [TestMethod]
    public void AnEstimatorOfClassifiersKeepsTheContractWithText() => CheckClassifier(_context.Data.LoadFromEnumerable(Symbols.Draw(4, 2)), nameof(Symbols.Symbol.Name));

    [TestMethod]
    public void AnEstimatorOfClassifiersKeepsTheContractWithKeysThatHaveNoValues()
    {
        var rows = Symbols.Draw(3, 2).Select((symbol, i) => new NumberedSymbol { Label = (uint)(i / 2), Features = symbol.Features });
        CheckClassifier(_context.Data.LoadFromEnumerable(rows), "Label");
    }

    [TestMethod]
    public void ALabelColumnOfTheWrongKindIsRefusedByName()
    {
        var data = _context.Data.LoadFromEnumerable([new WrongLabels()]);
        foreach (var (name, start) in new[] { ("Nowhere", "The label"), ("Number", "Schema mismatch for label"), ("Texts", "Schema mismatch for label"), ("Bytes", "Schema mismatch for label") })
        {
            var estimator = _context.MulticlassClassification.Trainers.FewShotClassifier(TrainedModel.Generator, labelColumnName: name);
            foreach (var door in new Action[] { () => estimator.Fit(data), () => estimator.GetOutputSchema(ShapeOf.Data(data)) })
            {
                var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(door);
                Assert.StartsWith(start, exception.Message);
                Assert.Contains($"column '{name}'", exception.Message);
            }
        }
    }

    private void CheckClassifier(IDataView data, string label)
    {
        IDataView[] wrong = [.. WrongInputs.Take(3)];
        var estimator = _context.MulticlassClassification.Trainers.FewShotClassifier(TrainedModel.Generator, label);
        // A row scores the same bits by itself and in a batch.
        using var classifier = (IDisposable)new EstimatorContract(_context, estimator).Check(data, wrong, rowTolerance: 0);
    }

    private sealed class NumberedSymbol
    {
        [KeyType(3)]
        public uint Label { get; set; }

        public byte[] Features { get; set; } = [];
    }

    private sealed class NoFeatures
    {
        [KeyType(3)]
        public uint Label { get; set; }

        public string Name { get; set; } = "";
    }

    private sealed class NumberFeatures
    {
        [KeyType(3)]
        public uint Label { get; set; }

        public string Name { get; set; } = "";

        public float Features { get; set; }
    }

    private sealed class TextFeatures
    {
        [KeyType(3)]
        public uint Label { get; set; }

        public string Name { get; set; } = "";

        public string[] Features { get; set; } = [];
    }

    private sealed class NumberLabels
    {
        public float Label { get; set; }

        public byte[] Features { get; set; } = [];
    }

    private sealed class WrongLabels
    {
        public float Number { get; set; }

        public string[] Texts { get; set; } = [];

        [KeyType(3)]
        public byte Bytes { get; set; }

        public byte[] Features { get; set; } = [];
    }
}
