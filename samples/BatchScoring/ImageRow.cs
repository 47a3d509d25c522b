namespace Samples.BatchScoring;

/// <summary>What the model takes: nothing where a file cannot be read.</summary>
internal sealed class ImageRow(string image)
{
    public string Label { get; set; } = "";
    public byte[] ImageSource { get; set; } = Read(image);

    private static byte[] Read(string image)
    {
        try { return File.ReadAllBytes(image); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return []; }
    }
}

/// <summary>What it says: scores that are NaN where there is no picture.</summary>
internal sealed class ImageAnswer
{
    public string PredictedLabel { get; set; } = "";
    public float[] Score { get; set; } = [];
}
