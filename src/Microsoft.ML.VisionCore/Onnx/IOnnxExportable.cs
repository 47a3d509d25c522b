namespace Microsoft.ML.VisionCore.Onnx;

/// <summary>A transformer that can be written as an ONNX graph.</summary>
internal interface IOnnxExportable
{
    /// <summary>The graph of a part.</summary>
    /// <exception cref="NotSupportedException">The graph cannot be made; the message says why.</exception>
    ModelProto ToOnnx(OnnxPart part);
}
