namespace MLExtensions.Mutants;

/// <summary>A part of the source that is broken, and where its tests are.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Files">Files and folders below <c>src</c>.</param>
/// <param name="Projects">The test projects that are likeliest to notice, which run first.</param>
internal sealed record Area(string Name, string[] Files, string[] Projects)
{
    private const string Core = "Microsoft.ML.VisionCore", Ttt = "Microsoft.ML.TTT", FewShot = "Microsoft.ML.FewShot";

    /// <summary>The projects all of whose tests run against what those did not notice.</summary>
    public static readonly string[] AllProjects = [$"{Core}.Tests", $"{Ttt}.Tests", $"{FewShot}.Tests"];

    /// <summary>Tests that take long and are about other things.</summary>
    public static readonly string[] SlowTests = ["PlainProcessTests", "ExplanationTests", "BackboneTests", "OnnxPhotographTests", "PhotographsTests", "TorchModeTests", "FitTests", "FuzzTests", "ResNet18Tests", "TimeBudgetTests", "TensorArithmeticTests"];

    public static readonly Area[] All =
    [
        new("inner step",
            [.. new[] { "InnerLoop", "ReconstructionGradient", "ReconstructionTask", "InnerLearning", "TttMixer", "TttConvGlu" }.Select(name => $"{Ttt}/Models/{name}.cs")],
            [$"{Ttt}.Tests"]),
        new("generator",
            [.. new[] { "HyperTransformerModel", "ConvolutionGenerator", "LogitsGenerator", "SliceGenerator", "HiddenGenerator", "PaperLogits", "GeneratedLayers", "EncoderBlock", "SupportEncoder", "SupportLabels", "SoftKMeans", "RidgeHead", "TargetNetwork" }
                .Select(name => $"{FewShot}/Models/{name}.cs")],
            [$"{FewShot}.Tests"]),
        new("scoring",
            [$"{Core}/Scoring", $"{Ttt}/TttImageScorer.cs", .. new[] { "ClassifierScorer", "TargetScores", "TaskScorer", "TaskClassifiers", "TaskFeatures" }.Select(name => $"{FewShot}/Classifiers/{name}.cs")],
            AllProjects),
        new("weights file",
            [$"{Core}/Weights", $"{Core}/Persistence"],
            AllProjects),
        new("sampler",
            [.. new[] { "EpisodeSampler", "EpisodeSource", "EpisodePlan", "EpisodeBatch", "ClassBatchSource", "ClassVariation", "ExamplePool", "ExamplePools", "ExamplePoolBuilder", "AffineMap", "ImageOrientation", "RandomTaking", "IntRange", "StrokeMap" }
                .Select(name => $"{FewShot}/Data/{name}.cs")],
            [$"{FewShot}.Tests"]),
        new("rejection",
            [$"{Core}/Scoring/KnownScore.cs", $"{Ttt}/HeldOutLogits.cs", $"{FewShot}/Models/RejectionRule.cs", $"{FewShot}/Classifiers/KnownSpread.cs", $"{FewShot}/Evaluation/RejectionScores.cs"],
            [$"{FewShot}.Tests", $"{Ttt}.Tests"]),
    ];
}
