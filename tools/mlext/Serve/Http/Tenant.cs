using Microsoft.AspNetCore.Http;

namespace MLExt.Serve.Http;

/// <summary>Whose classifiers a request is about.</summary>
internal static class Tenant
{
    /// <summary>The header that names the tenant. Nothing here checks who sends it: that is for what stands before the app.</summary>
    public const string Header = "X-Tenant";

    private const string Usual = "default";

    /// <summary>The tenant of a request.</summary>
    /// <exception cref="ProblemException">There are several.</exception>
    public static string Of(HttpRequest request) => request.Headers[Header] switch
    {
        { Count: 0 } => Usual,
        [{ } only] => only,
        var several => throw ProblemException.BadRequest($"The header {Header} is there {several.Count} times; expected once."),
    };
}
