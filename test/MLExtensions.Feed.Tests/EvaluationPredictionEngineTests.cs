using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLExtensions.Feed.Tests;

[TestClass]
public class EvaluationPredictionEngineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void PredictionsAreThoseOfTheModel()
    {
        var (model, data) = Fit();
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(model);
        foreach (var (text, back) in new[] { ("b", "b"), ("a", "a"), ("c", ""), ("b", "b") })
        {
            var output = engine.Predict(new Input { Text = text, Numbers = [1, 2] });
            Assert.AreEqual(back, output.Back);
            CollectionAssert.AreEqual(new float[] { 1, 2, 1 }, output.All);
        }

        var expected = model.GetOutputSchema(data.Schema).Select(column => (column.Name, column.Type.ToString()));
        CollectionAssert.AreEqual(expected.ToArray(), engine.OutputSchema.Select(column => (column.Name, column.Type.ToString())).ToArray());
        VBuffer<ReadOnlyMemory<char>> values = default;
        engine.OutputSchema["Key"].GetKeyValues(ref values);
        CollectionAssert.AreEqual(new[] { "a", "b" }, values.DenseValues().Select(value => value.ToString()).ToArray());
    }

    [TestMethod]
    public void AGivenObjectIsFilled()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(Fit().Model);
        var output = new Output();
        var same = output;
        engine.Predict(new Input { Text = "b", Numbers = [3, 4] }, ref output);
        Assert.AreSame(same, output);
        Assert.AreEqual("b", output.Back);
        Output? made = null;
        engine.Predict(new Input { Text = "a", Numbers = [3, 4] }, ref made!);
        Assert.AreEqual("a", made.Back);
    }

    [TestMethod]
    public void ColumnsThatTheModelLacksAreIgnoredUnlessToldOtherwise()
    {
        var model = Fit().Model;
        using (var engine = _ml.Model.CreatePredictionEngine<Input, TooMuch>(model))
        {
            Assert.AreEqual("a", engine.Predict(new Input { Text = "a", Numbers = [0, 0] }).Back);
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Input, TooMuch>(model, ignoreMissingColumns: false));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Output, Output>(model));
    }

    [TestMethod]
    public void SchemaDefinitionsGiveWhatTheClassLeavesOpen()
    {
        var definition = SchemaDefinition.Create(typeof(OpenInput));
        definition["Numbers"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        using var engine = _ml.Model.CreatePredictionEngine<OpenInput, Output>(Fit().Model, inputSchemaDefinition: definition);
        CollectionAssert.AreEqual(new float[] { 5, 6, 1 }, engine.Predict(new OpenInput { Text = "a", Numbers = [5, 6] }).All);
    }

    [TestMethod]
    public void ASchemaGivesTheTypesOfTheInput()
    {
        var (model, data) = Fit();
        using var engine = _ml.Model.CreatePredictionEngine<OpenInput, Output>(model, data.Schema);
        CollectionAssert.AreEqual(new float[] { 5, 6, 1 }, engine.Predict(new OpenInput { Text = "a", Numbers = [5, 6] }).All);
    }

    [TestMethod]
    public void TheModelIsDisposedWithTheEngineThatOwnsIt()
    {
        var owned = new DisposableModel(Fit().Model);
        _ml.Model.CreatePredictionEngine<Input, Output>(owned).Dispose();
        Assert.AreEqual(1, owned.Disposals);
        var kept = new DisposableModel(Fit().Model);
        _ml.Model.CreatePredictionEngine<Input, Output>(kept, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();
        Assert.AreEqual(0, kept.Disposals);
    }

    [TestMethod]
    public void NothingToPredictIsRefused()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(Fit().Model);
        Assert.ThrowsExactly<ArgumentNullException>(() => engine.Predict(null!));
    }

    private (ITransformer Model, IDataView Data) Fit()
    {
        var data = _ml.Data.LoadFromEnumerable([new Input { Text = "a", Numbers = [1, 2] }, new Input { Text = "b", Numbers = [3, 4] }]);
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Text")
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"))
            .Append(_ml.Transforms.Concatenate("All", "Numbers", "One"))
            .Fit(data);
        return (model, data);
    }

    private class Input
    {
        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Numbers { get; set; } = [];

        public float One { get; set; } = 1;
    }

    private sealed class OpenInput
    {
        public string Text { get; set; } = "";

        public float[] Numbers { get; set; } = [];

        public float One { get; set; } = 1;
    }

    private sealed class Output
    {
        public string Back { get; set; } = "";

        public float[] All { get; set; } = [];
    }

    private sealed class TooMuch
    {
        public string Back { get; set; } = "";

        public float Nowhere { get; set; }
    }

    private sealed class DisposableModel(ITransformer inner) : ITransformer, IDisposable
    {
        public int Disposals { get; private set; }

        public bool IsRowToRowMapper => inner.IsRowToRowMapper;

        public void Dispose() => Disposals++;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
