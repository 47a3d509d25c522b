namespace Microsoft.ML.VisionCore.Torch;

/// <summary>A module that owns parameters directly and says what kind each is.</summary>
internal interface IParameterOwner
{
    /// <summary>The kind of the parameter held in the field <paramref name="field"/> of this module.</summary>
    ParameterKind KindOf(string field);
}
