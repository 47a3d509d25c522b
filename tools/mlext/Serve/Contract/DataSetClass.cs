namespace MLExt.Serve.Contract;

/// <summary>A class of a data set.</summary>
/// <param name="Name">The class.</param>
/// <param name="Images">Its images.</param>
/// <param name="Examples">The numbers of some of its images.</param>
internal sealed record DataSetClass(string Name, int Images, IReadOnlyList<int> Examples);
