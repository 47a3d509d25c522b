namespace Microsoft.ML.FewShot.Data;

/// <summary>An example as a batch has it.</summary>
/// <param name="Example">Its number in the pool.</param>
/// <param name="Orientation">How it is turned; see <see cref="ImageOrientation"/>.</param>
/// <param name="Affine">How it is moved; null means not at all.</param>
/// <param name="Stroke">The pen it is drawn with; null means its own.</param>
internal readonly record struct ExampleDraw(int Example, byte Orientation, AffineMap? Affine = null, StrokeMap? Stroke = null);
