namespace MLExt.Serve;

/// <summary>What the app accepts and keeps. All are at least 1.</summary>
internal sealed record ServeLimits
{
    /// <summary>The largest request, in bytes; a data set as a zip file is one. The default value is 1 GiB.</summary>
    public long UploadBytes { get; init; } = 1L << 30;

    /// <summary>The largest image file, in bytes. The default value is 16 MiB.</summary>
    public int ImageBytes { get; init; } = 16 << 20;

    /// <summary>The most pixels of an image, width times height. The default value is 50 million.</summary>
    public long ImagePixels { get; init; } = 50_000_000;

    /// <summary>The most classes of a classifier or a data set. The default value is 1000.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>The most images of each class in a support set, and the most unlabelled ones. The default value is 100.</summary>
    public int ImagesPerClass { get; init; } = 100;

    /// <summary>The largest support set, in bytes of all its image files together. The default value is 64 MiB.</summary>
    public long SupportBytes { get; init; } = 64L << 20;

    /// <summary>The most bytes of bodies that are held in memory at a time, of all requests together. The default value is 1 GiB.</summary>
    public long HeldBytes { get; init; } = 1L << 30;

    /// <summary>Classifiers kept; then the least recently used one goes. The default value is 32.</summary>
    public int Classifiers { get; init; } = 32;

    /// <summary>Data sets kept; then the least recently used one goes. The default value is 8.</summary>
    public int DataSets { get; init; } = 8;

    /// <summary>Trainings kept, with their models; then the oldest goes. The default value is 8.</summary>
    public int Trainings { get; init; } = 8;
}
