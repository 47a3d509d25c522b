namespace MLExt.CodeGeneration;

/// <summary>NAME.consumption.cs: how an application uses the model, with the members that Model Builder's code has.</summary>
internal static class ConsumptionCode
{
    private const string KnownScore = """


                    /// <summary>How sure it is that the image is of one of the classes: below 0.5 it is taken for none of them. Not a number where the image could not be decoded.</summary>
                    [ColumnName(@"KnownScore")]
                    public float KnownScore { get; set; }
        """;

    /// <summary>The file's text.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="className">The class to write.</param>
    public static string Text(CodeSubject subject, string className) => $$"""
        {{CodeText.Header(subject)}}
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using Microsoft.ML;
        using Microsoft.ML.Data;

        namespace {{subject.Namespace}}
        {
            public partial class {{className}}
            {
                /// <summary>An image to classify, or one to train on.</summary>
                public class ModelInput
                {
                    /// <summary>Name of the class; only training and evaluation look at it.</summary>
                    [LoadColumn(0)]
                    [ColumnName(@"Label")]
                    public string Label { get; set; } = "";

                    /// <summary>The bytes of an image file.</summary>
                    [LoadColumn(1)]
                    [ColumnName(@"ImageSource")]
                    public byte[] ImageSource { get; set; } = Array.Empty<byte>();
                }

                /// <summary>What the model makes of an image.</summary>
                public class ModelOutput
                {
                    /// <summary>The class that was given with the image, as a number from 1; 0 where the model has no such class.</summary>
                    [ColumnName(@"Label")]
                    public uint Label { get; set; }

                    /// <summary>The bytes of the image file.</summary>
                    [ColumnName(@"ImageSource")]
                    public byte[] ImageSource { get; set; } = Array.Empty<byte>();

                    /// <summary>The most probable class; empty where the image could not be decoded{{(Rejects(subject) ? " or is of none of the classes" : "")}}.</summary>
                    [ColumnName(@"PredictedLabel")]
                    public string PredictedLabel { get; set; } = "";

                    /// <summary>The probability of each class; not a number where the image could not be decoded.</summary>
                    [ColumnName(@"Score")]
                    public float[] Score { get; set; } = Array.Empty<float>();{{(Rejects(subject) ? KnownScore : "")}}
                }

                /// <summary>The engine behind <see cref="Predict"/>. It serves one thread at a time; use PredictionEnginePool in a service.</summary>
                public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine =
                    new Lazy<PredictionEngine<ModelInput, ModelOutput>>(() => CreatePredictEngine(), true);

                /// <summary>The model file: beside the application, or else in the current folder.</summary>
                private static string MLNetModelPath
                {
                    get
                    {
                        var beside = Path.Combine(AppContext.BaseDirectory, {{CodeText.Literal(subject.ModelFile)}});
                        return File.Exists(beside) ? beside : Path.GetFullPath({{CodeText.Literal(subject.ModelFile)}});
                    }
                }

                /// <summary>Classifies an image.</summary>
                public static ModelOutput Predict(ModelInput input)
                {
                    return PredictEngine.Value.Predict(input);
                }

                /// <summary>Gives every class with its probability, the most probable first.</summary>
                public static IOrderedEnumerable<KeyValuePair<string, float>> PredictAllLabels(ModelInput input)
                {
                    return GetSortedScoresWithLabels(Predict(input));
                }

                /// <summary>Puts the classes to the probabilities of a prediction, the most probable first.</summary>
                public static IOrderedEnumerable<KeyValuePair<string, float>> GetSortedScoresWithLabels(ModelOutput result)
                {
                    return GetLabels()
                        .Zip(result.Score, (label, score) => new KeyValuePair<string, float>(label, score))
                        .OrderByDescending(pair => pair.Value);
                }

                /// <summary>The names of the classes in the order of the scores.</summary>
                private static IEnumerable<string> GetLabels()
                {
                    var names = default(VBuffer<ReadOnlyMemory<char>>);
                    PredictEngine.Value.OutputSchema[@"Label"].GetKeyValues(ref names);
                    return names.DenseValues().Select(name => name.ToString());
                }

                private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
                {
                    var mlContext = new MLContext();
                    var mlModel = mlContext.Model.Load(MLNetModelPath, out _);
                    return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(mlModel);
                }
            }
        }

        """;
    private static bool Rejects(CodeSubject subject) => subject.Settings.FalseRejectionRate is not null;
}
