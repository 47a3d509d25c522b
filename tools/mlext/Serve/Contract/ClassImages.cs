namespace MLExt.Serve.Contract;

/// <summary>The images of a class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Images">Image files in base 64; at least one.</param>
internal sealed record ClassImages(string Name, IReadOnlyList<byte[]> Images);
