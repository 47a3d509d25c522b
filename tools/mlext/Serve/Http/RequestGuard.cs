using System.Net;
using System.Net.NetworkInformation;
using Microsoft.AspNetCore.Http;

namespace MLExt.Serve.Http;

/// <summary>
/// Refuses requests that a page of another site has made a browser send: by its Host header where a foreign name was pointed at this machine
/// (DNS rebinding), and by its Origin where it would change something. Sets the headers that keep the app's own page to itself.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, ServeSettings settings)
{
    // Everything comes from the app itself; WebAssembly is compiled for "run in the browser", and drawn or dropped images are shown as blobs.
    private const string PagePolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' blob: data:; media-src 'self' blob:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private readonly HashSet<string> _names = NamesOfMachine();

    /// <summary>Checks a request and passes it on.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        context.Response.OnStarting(SetHeaders, context); // at the end, for errors begin their answers afresh
        if (!IsOwnHost(request.Host.Host))
        {
            throw new ProblemException(StatusCodes.Status421MisdirectedRequest,
                $"The Host header says '{request.Host.Value}'; this server answers to 'localhost', to IP addresses and to the names it was started with (--host, --public-name).");
        }

        if (!IsReading(request.Method) && !IsOwnOrigin(request))
        {
            throw new ProblemException(StatusCodes.Status403Forbidden,
                $"The request comes from a page of '{request.Headers.Origin}'; only the app's own page may change something.");
        }

        return next(context);
    }

    private static Task SetHeaders(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PagePolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsOwnOrigin(HttpRequest request)
    {
        // Programs that are no browsers send neither header.
        if (request.Headers["Sec-Fetch-Site"] is [var site] && site is not ("same-origin" or "none"))
        {
            return false;
        }

        return request.Headers.Origin is not [var origin] || string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
    }

    private bool IsOwnHost(string host) => IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(settings.Host, StringComparison.OrdinalIgnoreCase)
        || settings.Names.Contains(host, StringComparer.OrdinalIgnoreCase)
        || (!settings.IsLoopback && _names.Contains(host));

    /// <summary>What others on the network may call this machine.</summary>
    private static HashSet<string> NamesOfMachine()
    {
        var (name, domain) = (Dns.GetHostName(), IPGlobalProperties.GetIPGlobalProperties().DomainName);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { name, $"{name}.local" };
        if (domain.Length > 0)
        {
            names.Add($"{name}.{domain}");
        }

        return names;
    }
}
