using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MLExt.Serve.Http;

/// <summary>Sends files that are made when they are asked for.</summary>
internal static class Download
{
    /// <summary>Makes a file and sends it. It lies on the disk until it is sent: there may be many on their way to slow readers.</summary>
    /// <param name="work">Where it lies.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="name">What it is called.</param>
    public static async Task<FileStreamHttpResult> Send(WorkFolder work, Func<Stream, Task> write, string type, string name)
    {
        var file = work.MakeFile();
        try
        {
            await write(file).ConfigureAwait(false);
            file.Position = 0;
            return TypedResults.File(file, type, name);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
