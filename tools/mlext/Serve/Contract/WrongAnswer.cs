namespace MLExt.Serve.Contract;

/// <summary>An image that was classified wrongly.</summary>
/// <param name="Image">Its number in the data set.</param>
/// <param name="Label">Its class.</param>
/// <param name="Predicted">What the model takes it for.</param>
/// <param name="Probability">How sure the model is, 0 to 1.</param>
internal sealed record WrongAnswer(int Image, string Label, string Predicted, double Probability);
