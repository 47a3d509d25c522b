namespace MLExt.Data;

/// <summary>Column names of the pipelines that the tool makes.</summary>
internal static class Columns
{
    /// <summary>Class of the image: text in the data, a key once mapped.</summary>
    public const string Label = "Label";

    /// <summary>Bytes of the image file.</summary>
    public const string Image = "ImageSource";

    /// <summary>Probability of each class.</summary>
    public const string Score = "Score";

    /// <summary>How sure a model that rejects is that an image is of one of its classes.</summary>
    public const string KnownScore = "KnownScore";

    /// <summary>Most probable class.</summary>
    public const string PredictedLabel = "PredictedLabel";
}
