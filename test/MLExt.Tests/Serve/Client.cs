using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace MLExt.Tests.Serve;

/// <summary>Speaks to the app as another program would.</summary>
internal sealed class Client(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>Where the app is.</summary>
    public Uri Address => address;

    /// <summary>Sends a request as it is; the answer is read as it arrives.</summary>
    public HttpResponseMessage Send(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _http.Send(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Sends a request and expects JSON with a status.</summary>
    public JsonElement Ask(HttpStatusCode status, HttpMethod method, string path, HttpContent? content = null)
    {
        using var response = Send(method, path, content);
        var text = Text(response);
        Assert.AreEqual(status, response.StatusCode, text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Gets JSON.</summary>
    public JsonElement Get(string path) => Ask(HttpStatusCode.OK, HttpMethod.Get, path);

    /// <summary>Gets a file.</summary>
    public byte[] Download(string path)
    {
        using var response = Send(HttpMethod.Get, path);
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode, path);
        return response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
    }

    /// <summary>Fails unless what spoke for the answer of a model at an address comes as a PNG file.</summary>
    public void AssertExplains(string address, byte[] image)
    {
        using var drawn = Send(HttpMethod.Post, $"{address}/explain", Image(image));
        Assert.AreEqual("image/png", drawn.Content.Headers.ContentType?.MediaType, Text(drawn));
        StringAssert.StartsWith(Encoding.Latin1.GetString(drawn.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()), "\u0089PNG");
    }

    /// <summary>Sends a request that must fail, as problem+json.</summary>
    /// <returns>The explanation.</returns>
    public string Problem(HttpStatusCode status, HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var response = Send(method, path, content, headers);
        var text = Text(response);
        Assert.AreEqual(status, response.StatusCode, text);
        Assert.AreEqual("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(text);
        Assert.AreEqual((int)status, json.RootElement.GetProperty("status").GetInt32());
        return json.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString()! : "";
    }

    /// <summary>Sends what no HTTP client would, and reads to the end of the connection.</summary>
    public string Raw(string request)
    {
        using var connection = new TcpClient(address.Host, address.Port);
        using var reader = new StreamReader(connection.GetStream());
        connection.GetStream().Write(Encoding.UTF8.GetBytes(request));
        return reader.ReadToEnd();
    }

    /// <summary>A form with a file in each field.</summary>
    public static MultipartFormDataContent Form(params (string Field, byte[] File)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, file) in files)
        {
            form.Add(new ByteArrayContent(file), $"\"{field.Replace("\"", "%22")}\"", "a.png"); // as browsers write it
        }

        return form;
    }

    /// <summary>JSON.</summary>
    public static StringContent Json(object value) => new(value as string ?? JsonSerializer.Serialize(value), Encoding.UTF8, "application/json");

    /// <summary>A body that is an image.</summary>
    public static ByteArrayContent Image(byte[] file) => new(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Text(HttpResponseMessage response) => response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
}
