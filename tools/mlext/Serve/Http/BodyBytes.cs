using Microsoft.AspNetCore.Http;

namespace MLExt.Serve.Http;

/// <summary>Reads what was sent, as far as it may be.</summary>
internal static class BodyBytes
{
    /// <summary>Reads to the end.</summary>
    /// <param name="content">What to read.</param>
    /// <param name="largest">The most bytes.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="ProblemException">It is larger, or cut off.</exception>
    public static async Task<byte[]> Read(Stream content, long largest, string what, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        await Copy(content, bytes, largest, what, cancel).ConfigureAwait(false);
        return bytes.ToArray();
    }

    /// <summary>Copies to the end.</summary>
    /// <param name="content">What to read.</param>
    /// <param name="target">Where to.</param>
    /// <param name="largest">The most bytes.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="ProblemException">It is larger, or cut off.</exception>
    public static async Task Copy(Stream content, Stream target, long largest, string what, CancellationToken cancel)
    {
        var buffer = new byte[64 << 10];
        var total = 0L;
        int read;
        while ((read = await Next(content, buffer, what, cancel).ConfigureAwait(false)) > 0)
        {
            if ((total += read) > largest)
            {
                throw ProblemException.TooLarge($"{what} has more than {largest} bytes, which is the most.");
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
        }
    }

    private static async Task<int> Next(Stream content, byte[] buffer, string what, CancellationToken cancel)
    {
        try
        {
            return await content.ReadAsync(buffer, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ProblemException.BadRequest($"{what} is cut off: {e.Message}");
        }
    }
}
