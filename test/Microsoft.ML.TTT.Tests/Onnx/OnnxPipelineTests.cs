using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Onnx;
using MLExtensions.Testing;

namespace Microsoft.ML.TTT.Tests.Onnx;

[TestClass]
public class OnnxPipelineTests
{
    [TestMethod]
    public void AWholePipelineGivesTheSameProbabilitiesOnFilesOfAnySize()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext(seed: 1);
        using var model = Train(context);
        var random = new Random(4);
        ImageFile[] files = [.. Enumerable.Range(0, 9).Select(i => new ImageFile { Path = folder[$"{i}.png"] })];
        for (var i = 0; i < files.Length; i++)
        {
            var side = 12 + (5 * i);
            TinyImages.Save(files[i].Path, TinyImages.Draw(i % 3, side, random), side);
        }

        var data = context.Data.LoadFromEnumerable(files);
        var loaded = context.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "Path").Fit(data).Append(model);
        var expected = loaded.Transform(data).GetColumn<float[]>("Score").ToArray();
        using var runtime = new OnnxRunner();
        var decoder = new ImageDecoder(DrawnImages.Side);
        byte[] planes = [.. files.SelectMany(file => Planes(file.Path, decoder))];
        OnnxRunner.AreAlike(expected, runtime.RunImages(loaded, planes, colours: 3, DrawnImages.Side));
    }

    [TestMethod]
    public void TheFileSaysWhatItTakesAndWhatItsClassesAreCalled()
    {
        var context = new MLContext(seed: 1);
        using var model = Train(context);
        var file = ModelProto.Parser.ParseFrom(Export(context, model));
        var said = file.MetadataProps.ToDictionary(pair => pair.Key, pair => pair.Value);
        CollectionAssert.AreEqual(TinyImages.ClassNames.Take(3).ToArray(), JsonSerializer.Deserialize<string[]>(said["class_names"]));
        Assert.AreEqual($"{DrawnImages.Side}", said["image_size"]);
        Assert.AreEqual("3", said["colours"]);
        Assert.AreEqual("image classifier, token mixer TttLinear", said["model"]);
        Assert.AreEqual("MLExtensions", file.ProducerName);
        Assert.AreEqual(OnnxGraph.OperatorSet, file.OpsetImport.Single().Version);
        Assert.AreEqual("image", file.Graph.Input.Single().Name);
        Assert.AreEqual("N 16 16 3", Dimensions(file.Graph.Input[0]));
        Assert.AreEqual("probabilities", file.Graph.Output.Single().Name);
        Assert.AreEqual("N 3", Dimensions(file.Graph.Output[0]));
    }

    [TestMethod]
    public void TheSameModelGivesTheSameBytesAndSoDoesASavedOne()
    {
        var context = new MLContext(seed: 1);
        using var trained = new TrainedModel();
        var bytes = Export(context, trained.Transformer);
        CollectionAssert.AreEqual(bytes, Export(context, trained.Transformer));
        using var saved = new MemoryStream(trained.Save());
        var loaded = context.Model.Load(saved, out _);
        CollectionAssert.AreEqual(bytes, Export(context, loaded));
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void WhatCannotBeExportedIsNamed()
    {
        var context = new MLContext(seed: 1);
        using var trained = new TrainedModel();
        var keys = context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(trained.Data);
        Refuse(keys, "exactly one image classifier or few-shot classifier in the model; it has 0 among (ValueToKeyMappingTransformer)");
        Refuse(trained.Transformer.Append(trained.Transformer), "it has 2 among (TTTImageClassificationTransformer, TTTImageClassificationTransformer)");
        Refuse(keys.Append(new Unknown()).Append(trained.Transformer), "cannot be part of an ONNX graph: Unknown.");
        using var stream = new MemoryStream();
        Assert.ThrowsExactly<ArgumentNullException>(() => context.Model.ExportToOnnx(null!, stream));
        trained.Transformer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => context.Model.ExportToOnnx(trained.Transformer, stream));
        Assert.AreEqual(0, stream.Length);

        void Refuse(ITransformer model, string reason)
        {
            var error = Assert.ThrowsExactly<NotSupportedException>(() => Export(context, model));
            StringAssert.Contains(error.Message, reason);
        }
    }

    private static TransformerChain<ITransformer> Train(MLContext context)
    {
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(DrawnImages.Trainer(context, options => (options.Epoch, options.HorizontalFlip) = (4, true)))
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        return new TransformerChain<ITransformer>([.. pipeline.Fit(context.Data.LoadFromEnumerable(DrawnImages.Pictures(90)))]);
    }

    private static byte[] Export(MLContext context, ITransformer model)
    {
        using var stream = new MemoryStream();
        context.Model.ExportToOnnx(model, stream);
        return stream.ToArray();
    }

    private static string Dimensions(ValueInfoProto value) =>
        string.Join(' ', value.Type.TensorType.Shape.Dim.Select(size => size.DimParam.Length > 0 ? size.DimParam : $"{size.DimValue}"));

    private static byte[] Planes(string file, ImageDecoder decoder)
    {
        var planes = new byte[3 * DrawnImages.Side * DrawnImages.Side];
        Assert.IsNull(decoder.Decode(File.ReadAllBytes(file), planes));
        return planes;
    }

    private sealed class ImageFile
    {
        public string Path { get; set; } = "";

        public string Name { get; set; } = "";
    }

    private sealed class Unknown : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IDataView Transform(IDataView input) => input;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
