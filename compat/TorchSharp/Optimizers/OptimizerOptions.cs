namespace TorchSharp.Modules;

/// <summary>The settings of one group of parameters; what is not set comes from the optimizer.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }
}
