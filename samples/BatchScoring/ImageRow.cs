namespace Samples.BatchScoring;

/// <summary>What the model takes: nothing where a file was not read.</summary>
internal sealed class ImageRow
{
    public string Label { get; set; } = "";
    public byte[] ImageSource { get; set; } = [];
}

/// <summary>What it says: scores that are NaN where there is no picture, and how sure it is that the image is of one of its classes where it can say so.</summary>
internal sealed class ImageAnswer
{
    public string PredictedLabel { get; set; } = "";
    public float[] Score { get; set; } = [];
    public float KnownScore { get; set; } = float.NaN;
}
