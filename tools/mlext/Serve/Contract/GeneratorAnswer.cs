namespace MLExt.Serve.Contract;

/// <summary>A generator of classifiers.</summary>
/// <param name="Name">Its file's name, or <c>symbols</c>, <c>photographs</c>, or <c>auto</c> for whichever of these fits the examples.</param>
/// <param name="ImageSize">Side in pixels of the square that images are stretched to; 0 with <c>auto</c>.</param>
/// <param name="Colours">1 where images are seen in grey, 3 where in colour; 0 with <c>auto</c>.</param>
/// <param name="MaxWays">The most classes of a classifier.</param>
internal sealed record GeneratorAnswer(string Name, int ImageSize, int Colours, int MaxWays);
