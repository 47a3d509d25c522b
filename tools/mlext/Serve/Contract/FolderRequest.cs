namespace MLExt.Serve.Contract;

/// <summary>A data set that lies on this machine.</summary>
/// <param name="Folder">The path of a folder or a zip file.</param>
internal sealed record FolderRequest(string Folder);
