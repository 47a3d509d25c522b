namespace MLExt.Serve.Contract;

/// <summary>A data set.</summary>
/// <param name="Id">What its address ends with.</param>
/// <param name="Name">The name of the folder or the zip file.</param>
/// <param name="Images">Its images.</param>
/// <param name="Skipped">Files that are no images, and are passed over.</param>
/// <param name="Classes">Its classes.</param>
/// <param name="Warnings">What may spoil a training, in sentences.</param>
/// <param name="ImageSize">Side in pixels of the square that a training would bring the images to.</param>
internal sealed record DataSetAnswer(
    string Id, string Name, int Images, int Skipped, IReadOnlyList<DataSetClass> Classes, IReadOnlyList<string> Warnings, int ImageSize);
