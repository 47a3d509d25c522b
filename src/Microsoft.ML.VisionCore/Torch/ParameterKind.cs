namespace Microsoft.ML.VisionCore.Torch;

/// <summary>How an optimiser should treat a parameter.</summary>
internal enum ParameterKind
{
    /// <summary>A matrix inside the network, [out, in]; a stack of them, [S, out, in], each slice a matrix of its own;
    /// or a convolution [out, in, 3, 3] that reads as [out, in·9]. Muon may orthogonalise it; AdamW decays it.</summary>
    Matrix,

    /// <summary>A kernel that is no hidden matrix: the first convolution, a depth-wise convolution, the class head. AdamW with decay.</summary>
    Kernel,

    /// <summary>Biases, norms and position tables. AdamW without decay.</summary>
    Other
}
