namespace MLExt.Serve.Contract;

/// <summary>A model.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Classes">Its classes.</param>
internal sealed record ModelAnswer(string Name, IReadOnlyList<string> Classes);
