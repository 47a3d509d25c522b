namespace Microsoft.ML.VisionCore.Training;

/// <summary>How an optimiser treats a parameter.</summary>
internal enum ParameterKind
{
    /// <summary>Biases, gains, positions: never decayed.</summary>
    Plain,

    /// <summary>A kernel that is decayed but has no useful matrix form: depth-wise kernels, the first convolution, the classifier.</summary>
    Kernel,

    /// <summary>A matrix [rows, columns], a stack of them [H, rows, columns], or a convolution kernel [out, in, h, w]. Orthogonalised by Muon, decayed by AdamW.</summary>
    Matrix,
}
