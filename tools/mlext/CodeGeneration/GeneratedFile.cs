namespace MLExt.CodeGeneration;

/// <summary>A generated text file.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Text">What is in it.</param>
internal sealed record GeneratedFile(string Name, string Text);
