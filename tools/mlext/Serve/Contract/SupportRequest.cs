namespace MLExt.Serve.Contract;

/// <summary>A support set.</summary>
/// <param name="Classes">The classes with their images; at least two.</param>
/// <param name="Unlabelled">Image files, in base 64, that belong to one of the classes, unsaid which.</param>
internal sealed record SupportRequest(IReadOnlyList<ClassImages> Classes, IReadOnlyList<byte[]>? Unlabelled = null);
