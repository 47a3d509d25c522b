using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace MLExt.Serve;

/// <summary>The web page: the files in <c>wwwroot</c> beside the tool.</summary>
internal static class Page
{
    /// <summary>Where the files are.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <summary>Serves the files.</summary>
    public static void Use(WebApplication app)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".mjs"] = "text/javascript";
        var options = new FileServerOptions { FileProvider = new PhysicalFileProvider(Folder) };
        options.StaticFileOptions.ContentTypeProvider = types;

        // Another version of the tool has other files at the same address.
        options.StaticFileOptions.OnPrepareResponse = context => context.Context.Response.Headers.CacheControl = "no-cache";
        app.UseFileServer(options);
    }
}
