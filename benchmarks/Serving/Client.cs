using System.Net.Http.Headers;
using System.Text.Json;

namespace MLExtensions.Serving;

/// <summary>Speaks to one server as another program would.</summary>
/// <param name="address">Where it is.</param>
internal sealed class Client(Uri address) : IDisposable
{
    private const string TenantHeader = "X-Tenant";

    /// <summary>Longer than a server tries again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Patience };

    /// <summary>Makes a classifier.</summary>
    /// <exception cref="InvalidOperationException">The server refuses, or cannot be reached.</exception>
    internal async Task Create(KnownClassifier classifier)
    {
        var form = new MultipartFormDataContent();
        foreach (var glyph in classifier.Glyphs)
        {
            form.Add(Image(glyph.Example), $"\"{classifier.Class(glyph)}\"", "a.png");
        }

        if (await Send(classifier, $"/api/classifiers?name={classifier.Name}", form, _ => true).ConfigureAwait(false) is { Fault: { } fault })
        {
            throw new InvalidOperationException($"{classifier.Name} of {classifier.Tenant} could not be made: {fault}");
        }
    }

    /// <summary>Asks a classifier about a symbol.</summary>
    internal Task<Reply> Ask(KnownClassifier classifier, Glyph glyph) =>
        Send(classifier, $"/api/classifiers/{classifier.Name}/predict", Image(glyph.Question), answer => answer.GetProperty("label").GetString() == classifier.Class(glyph));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<Reply> Send(KnownClassifier classifier, string path, HttpContent content, Func<JsonElement, bool> isRight)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { { TenantHeader, classifier.Tenant } } };
        try
        {
            using var response = await _http.SendAsync(request).ConfigureAwait(false);
            var text = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                return new Reply(false, $"{(int)response.StatusCode} {text}");
            }

            using var answer = JsonDocument.Parse(text);
            return new Reply(isRight(answer.RootElement), null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            return new Reply(false, e.Message);
        }
    }

    private static ByteArrayContent Image(byte[] file) => new(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
}
