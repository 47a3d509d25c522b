using Microsoft.AspNetCore.Http;

namespace MLExt.Serve.Http;

/// <summary>A request that cannot be answered, and what its sender is told.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="detail">What was found, and what was expected.</param>
internal sealed class ProblemException(int status, string detail) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>A request that makes no sense.</summary>
    public static ProblemException BadRequest(string detail) => new(StatusCodes.Status400BadRequest, detail);

    /// <summary>More than the app accepts.</summary>
    public static ProblemException TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, detail);

    /// <summary>Something that is not there, or no longer.</summary>
    public static ProblemException NotFound(string detail) => new(StatusCodes.Status404NotFound, detail);

    /// <summary>Something that cannot be done in the present state.</summary>
    public static ProblemException Conflict(string detail) => new(StatusCodes.Status409Conflict, detail);
}
