namespace MLExt.Serve.Http;

/// <summary>One file of a form.</summary>
/// <param name="Field">The name of the form's field.</param>
/// <param name="FileName">The name of the file, as its sender has it.</param>
/// <param name="Content">The file; can be read once.</param>
internal readonly record struct MultipartFile(string Field, string FileName, Stream Content)
{
    /// <summary>Reads the file into memory.</summary>
    /// <param name="largest">The most bytes.</param>
    /// <param name="what">What the file is, for messages.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="ProblemException">It is larger.</exception>
    public Task<byte[]> ReadAsync(long largest, string what, CancellationToken cancel) => BodyBytes.Read(Content, largest, what, cancel);
}
