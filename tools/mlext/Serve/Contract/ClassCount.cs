namespace MLExt.Serve.Contract;

/// <summary>How many images a class has.</summary>
/// <param name="Name">The class.</param>
/// <param name="Images">Its images.</param>
internal sealed record ClassCount(string Name, int Images);
