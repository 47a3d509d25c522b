using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MLExtensions.Testing;
using SkiaSharp;

namespace MLExtensions.Fuzz;

/// <summary>One user of <c>mlext serve</c>, who teaches, trains and asks, and sends in between what nobody should send.</summary>
/// <param name="http">Speaks to the server.</param>
/// <param name="random">Decides what is sent.</param>
/// <param name="tally">Counts what comes of it.</param>
/// <param name="end">Ends the asking after the request that is under way.</param>
internal sealed class LoadUser(HttpClient http, Random random, LoadTally tally, CancellationToken end)
{
    private const string Form = "multipart/form-data; boundary=edge";

    /// <summary>Larger than an image may be.</summary>
    private const int TooLarge = (16 << 20) + 1;

    // Kestrel gives up on a body of fewer than 240 bytes a second after five.
    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(300), LongestDrip = TimeSpan.FromSeconds(30);

    private static readonly byte[][] Drawings = [.. from label in Enumerable.Range(0, 4) from copy in Enumerable.Range(0, 3) select Symbol(label, copy)];
    private static readonly (int Width, int Height)[] Sizes = [(64, 48), (224, 224), (640, 480), (1600, 1200), (3000, 4000)];
    private static readonly byte[][] Photographs = [.. from size in Sizes from format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png]
                                                       where format == SKEncodedImageFormat.Jpeg || size.Width < 3000
                                                       select Photograph(size.Width, size.Height, (int)format, format)];

    private static readonly byte[][] Formats =
    [
        SampleFiles.GreyJpeg, SampleFiles.ProgressiveJpeg, SampleFiles.CmykJpeg, SampleFiles.ExifRotatedJpeg, SampleFiles.NoiseGif(2), SampleFiles.AnimatedWebP(),
        SampleFiles.Bmp(40, 30, (x, y) => ((byte)x, (byte)y, 0)), SampleFiles.Noise(SKEncodedImageFormat.Png), Symbol(0, 0),
    ];

    private static readonly byte[] TooLargeFile = [.. Small, .. new byte[TooLarge]];

    private string? _classifier;

    /// <summary>A small picture.</summary>
    public static byte[] Small => Drawings[0];

    /// <summary>Asks until the end.</summary>
    public async Task Ask()
    {
        (int Weight, Func<Task> Ask)[] all =
        [
            (30, () => Good("predict", HttpMethod.Post, "/api/predict", Image(Any()), 200)),
            (20, PredictWithClassifier), (4, Teach), (3, Replace), (2, Forget), (2, Explain), (3, Download), (1, Upload), (2, LookAtDataSet), (1, Train), (4, UseTraining), (6, Look),
            (12, Damaged), (3, WrongType), (3, BadJson), (1, Oversized), (1, TooMany), (3, Unknown), (4, Traversal), (3, Foreign), (3, OtherMethod), (2, Misspelt), (1, Slow), (2, BrokenOff), (2, Garbage),
        ];
        var whole = all.Sum(one => one.Weight);
        while (!end.IsCancellationRequested)
        {
            var place = random.Next(whole);
            await all.First(one => (place -= one.Weight) < 0).Ask();
        }
    }

    private async Task PredictWithClassifier()
    {
        if (_classifier is null)
        {
            await Teach();
            return;
        }

        await Good("classifier: predict", HttpMethod.Post, $"{_classifier}/predict", random.Next(2) == 0 ? Image(Any()) : Multipart(("image", "a.png", Any())), 200, 404);
    }

    private async Task Teach()
    {
        var made = await Good("classifier: teach", HttpMethod.Post, $"/api/classifiers{(random.Next(3) == 0 ? "?rejectUnknown=true" : "")}", Support(), 201);
        if (Id(made) is { } id)
        {
            _classifier = $"/api/classifiers/{id}";
            tally.Keep(_classifier);
        }
    }

    private async Task Replace() => await Good("classifier: replace", HttpMethod.Put, _classifier ?? "/api/classifiers/none", Support(), 200, 404);

    private async Task Forget()
    {
        await Good("classifier: forget", HttpMethod.Delete, _classifier ?? "/api/classifiers/none", null, 204, 404);
        _classifier = null;
    }

    // Refused where nothing speaks for a class.
    private async Task Explain() => await Good("classifier: explain", HttpMethod.Post, $"{_classifier ?? "/api/classifiers/none"}/explain", Image(Any()), 200, 400, 404);

    // A classifier of symbols has no parts.
    private async Task Download() =>
        await Good("classifier: download", HttpMethod.Get, $"{_classifier ?? "/api/classifiers/none"}/classifier.{One("zip", "onnx", "onnx?part=head")}", null, 200, 400, 404);

    private async Task Upload()
    {
        var (name, folder) = random.Next(3) == 0 ? ("../../../escaped.zip", "../escaped/") : ("pictures.zip", "set/");
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < 40; i++)
            {
                using var entry = archive.CreateEntry($"{folder}{"<script>alert(1)</script>"[..(1 + (i % 2))]}{i % 2}/{i}.png").Open();
                entry.Write(TinyImages.Encode(i % 2, 16, random));
            }
        }

        var isGood = folder == "set/";
        var made = await Send(isGood ? "data set" : "data set that leads out", isGood, HttpMethod.Post, "/api/datasets", Multipart(("zip", name, zip.ToArray())), [isGood ? 201 : 400]);
        if (isGood && Id(made) is { } id)
        {
            tally.DataSet = id;
            tally.Keep($"/api/datasets/{id}");
        }
    }

    private async Task LookAtDataSet()
    {
        var path = $"/api/datasets/{tally.DataSet ?? "none"}";
        if (random.Next(8) == 0)
        {
            await Good("data set: forget", HttpMethod.Delete, path, null, 204, 404);
            return;
        }

        await Good("data set: image", HttpMethod.Get, $"{path}/images/{random.Next(40)}", null, 200, 404);
    }

    private async Task Train()
    {
        var made = await Good("training", HttpMethod.Post, "/api/trainings", Json(new { dataSet = tally.DataSet ?? "none", trainTime = 5, imageSize = 16, name = "../../../escaped<script>" }), 202, 404, 409);
        if (Id(made) is { } id)
        {
            tally.Training = $"/api/trainings/{id}";
            tally.Keep(tally.Training);
        }
    }

    private async Task UseTraining()
    {
        var path = tally.Training ?? "/api/trainings/none";
        await (random.Next(6) switch
        {
            0 => Good("training: follow", HttpMethod.Get, $"{path}/events", null, 200, 404),
            1 => Good("training: files", HttpMethod.Get, $"{path}/{One("files/model.zip", "files/model.onnx", "files/code.zip", "files/report.html", "evaluation")}", null, 200, 404, 409),
            2 => Good("training: stop", HttpMethod.Post, $"{path}/stop", null, 202, 404),
            _ => Good("training: predict", HttpMethod.Post, $"{path}/predict", Image(Any()), 200, 404, 409),
        });
    }

    private async Task Look() => await Good("look", HttpMethod.Get, One("/", "/api/status", "/api/classifiers", "/api/datasets", "/api/trainings", "/openapi/v1.json", "/js/app.js"), null, 200);

    private async Task Damaged()
    {
        var mutant = ByteMutator.Mutate(Formats[random.Next(Formats.Length)], Formats[random.Next(Formats.Length)], random);
        await (random.Next(3) switch
        {
            0 => Bad("damaged example", HttpMethod.Post, "/api/classifiers", Multipart(("a", "a.png", Drawings[0]), ("b", "b.png", mutant)), 201, 400, 413),
            1 => Bad("damaged data set", HttpMethod.Post, "/api/datasets", Multipart(("zip", "a.zip", mutant)), 400),
            _ => Bad("damaged picture", HttpMethod.Post, "/api/predict", Image(mutant), 200, 400, 413),
        });
    }

    private async Task WrongType()
    {
        var content = Image(Small);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", One("text/plain", "image/png", "multipart/form-data", "application/x-www-form-urlencoded", "nonsense", "multipart/form-data; boundary=" + new string('x', 200)));
        await Bad("wrong type", HttpMethod.Post, One("/api/classifiers", "/api/datasets", "/api/trainings"), content, 400, 415);
    }

    private async Task BadJson() => await Bad(
        "bad JSON", HttpMethod.Post, One("/api/classifiers", "/api/datasets", "/api/trainings"),
        new StringContent(One("", "{", "null", "[]", "{\"classes\":[{}]}", "{\"folder\":\"..\"}", "{\"folder\":\"/\\u0000\"}", "{\"dataSet\":1}", "{\"classes\":\"\\ud800\"}", new string('[', 1000)), Encoding.UTF8, "application/json"), 400);

    private async Task Oversized() => await (random.Next(2) == 0
        ? Bad("oversized", HttpMethod.Post, "/api/predict", Image(TooLargeFile), 413)
        : Bad("oversized", HttpMethod.Post, "/api/classifiers", Multipart(("a", "a.png", Small), ("b", "b.png", TooLargeFile)), 413));

    private async Task TooMany() => await Bad("too many", HttpMethod.Post, "/api/classifiers", Multipart([.. Enumerable.Repeat(("a", "a.png", Small), 101)]), 413);

    private async Task Unknown() => await Bad(
        "unknown", HttpMethod.Get, One("/api/classifiers/0123456789abcdef", "/api/datasets/x/images/0", "/api/trainings/y/events", "/api/nothing", "/nothing.html", "/api/trainings/z/files/model.zip"), null, 404);

    private async Task Traversal() => await Bad(
        "traversal", HttpMethod.Get,
        One("/..%2f..%2f..%2fetc%2fpasswd", "/js/..%2f..%2f..%2f..%2fetc%2fpasswd", "/api/classifiers/..%2f..%2fetc%2fpasswd", "/api/datasets/%2e%2e%2f%2e%2e/images/0", "/js/..%5c..%5cmlext.dll", "/js/%2e%2e/%2e%2e/mlext.dll"),
        null, 400, 404);

    private async Task Foreign() => await (random.Next(3) switch
    {
        0 => Send("foreign host", false, HttpMethod.Get, "/api/status", null, [421], ("Host", One("elsewhere.example", "localhost.elsewhere.example:80"))),
        1 => Send("foreign origin", false, HttpMethod.Post, "/api/predict", Image(Small), [403], ("Origin", One("http://elsewhere.example", "null"))),
        _ => Send("foreign origin", false, HttpMethod.Delete, _classifier ?? "/api/classifiers/none", null, [403], ("Sec-Fetch-Site", "cross-site")),
    });

    private async Task OtherMethod() =>
        await Bad("other method", One(HttpMethod.Head, HttpMethod.Options, HttpMethod.Put, HttpMethod.Patch, new("NONSENSE")), One("/api/predict", "/api/trainings", "/api/datasets", "/api/classifiers"), null, 405);

    private async Task Misspelt() => await Bad("misspelt parameter", HttpMethod.Post, "/api/classifiers?rejectUnkown=true", Support(), 400);

    private async Task Slow()
    {
        var (path, field) = One(("/api/predict", "image"), ("/api/classifiers", "a"), ("/api/datasets", "zip"));
        var status = await Raw($"POST {path} HTTP/1.1\r\nHost: {http.BaseAddress!.Authority}\r\nContent-Type: {Form}\r\nContent-Length: 100000\r\n\r\n"
            + $"--edge\r\nContent-Disposition: form-data; name={field}; filename=a.png\r\n\r\n", isDripping: true);
        Count("slow body", status, [408]);
    }

    private async Task BrokenOff()
    {
        var status = await Raw($"POST {One("/api/predict", "/api/classifiers", "/api/datasets")} HTTP/1.1\r\nHost: {http.BaseAddress!.Authority}\r\nContent-Type: {Form}\r\nContent-Length: 100000\r\n\r\n--edge\r\n", isBreakingOff: true);
        Count("broken off", status, [0, 400]);
    }

    private async Task Garbage()
    {
        var bytes = new byte[200];
        random.NextBytes(bytes);
        var status = await Raw(random.Next(3) switch
        {
            0 => Encoding.Latin1.GetString(bytes) + "\r\n\r\n",
            1 => $"GET /api/status HTTP/1.1\r\nHost: {http.BaseAddress!.Authority}\r\nX: {new string('x', 40_000)}\r\n\r\n",
            _ => One("GET /api/status HTTP/1.1\r\nHost: a b\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        });
        Count("garbage", status, [0, 400, 404, 408, 431]);
    }

    /// <summary>Sends what no HTTP client would.</summary>
    /// <returns>The status of the answer; 0 where there was none.</returns>
    private async Task<int> Raw(string text, bool isDripping = false, bool isBreakingOff = false)
    {
        try
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(IPAddress.Loopback, http.BaseAddress!.Port);
            var stream = tcp.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
            if (isBreakingOff)
            {
                return 0;
            }

            using var reader = new StreamReader(stream);
            var answer = reader.ReadLineAsync();
            for (var watch = Stopwatch.StartNew(); isDripping && !answer.IsCompleted && watch.Elapsed < LongestDrip;)
            {
                await stream.WriteAsync("x"u8.ToArray());
                await Task.WhenAny(answer, Task.Delay(Drip));
            }

            return await answer.WaitAsync(LongestDrip) is { Length: > 12 } line ? int.Parse(line.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return 0;
        }
        catch (TimeoutException)
        {
            return -1;
        }
    }

    // Of what was made; null where nothing was.
    private static string? Id(string? made)
    {
        using var json = made is null ? null : JsonDocument.Parse(made);
        return json?.RootElement.TryGetProperty("id", out var id) == true ? id.GetString() : null;
    }

    private Task<string?> Good(string kind, HttpMethod method, string path, HttpContent? content, params int[] expected) => Send(kind, true, method, path, content, expected);

    private Task<string?> Bad(string kind, HttpMethod method, string path, HttpContent? content, params int[] expected) => Send(kind, false, method, path, content, expected);

    /// <summary>Sends a request and looks at the answer.</summary>
    /// <returns>The text of the answer; null where there was none, or it was no text.</returns>
    private async Task<string?> Send(string kind, bool isGood, HttpMethod method, string path, HttpContent? content, int[] expected, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var watch = Stopwatch.StartNew();
        try
        {
            using var response = await http.SendAsync(request);
            var status = (int)response.StatusCode;
            var type = response.Content.Headers.ContentType?.MediaType;
            var text = type is "application/json" or "application/problem+json" or "text/event-stream" ? await response.Content.ReadAsStringAsync() : null;
            Count(kind, status, expected, text, isGood && status < 300 ? watch.Elapsed : null);
            if (status >= 400 && method != HttpMethod.Head && type != "application/problem+json")
            {
                tally.Fault($"{kind}: {method} {path}: {status} as {type}");
            }

            return status < 300 ? text : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            // An answer may come while what is too large is still being sent, and be lost then.
            if (!tally.IsKilling && kind != "oversized")
            {
                tally.Fault($"{kind}: {method} {path}: {e.Message} {e.InnerException?.Message}");
            }

            tally.Add(kind, 0);
            return null;
        }
    }

    private void Count(string kind, int status, int[] expected, string? text = null, TimeSpan? goodTime = null)
    {
        tally.Add(kind, status, goodTime);
        if ((status != 503 && !expected.Contains(status) && !tally.IsKilling) || text?.Contains("\n   at ", StringComparison.Ordinal) == true || text?.Contains("mlext-serve-", StringComparison.Ordinal) == true)
        {
            tally.Fault($"{kind}: {status} {text}");
        }
    }

    private T One<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    // Large pictures are rarer.
    private byte[] Any() => random.Next(2) == 0 ? Drawings[random.Next(Drawings.Length)] : Photographs[Math.Min(random.Next(Photographs.Length), random.Next(Photographs.Length))];

    // Of symbols mostly, for photographs take long.
    private MultipartFormDataContent Support()
    {
        var isOfPhotographs = random.Next(6) == 0;
        var copies = 1 + random.Next(3);
        return Multipart([.. from label in Enumerable.Range(0, 2 + random.Next(3)) from copy in Enumerable.Range(0, isOfPhotographs ? 1 : copies)
                             select ($"<script>{label}</script>", "../../../escaped.png", isOfPhotographs ? Photographs[2 + label] : Drawings[(3 * label) + copy])]);
    }

    private static MultipartFormDataContent Multipart(params (string Field, string Name, byte[] File)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, name, file) in files)
        {
            form.Add(new ByteArrayContent(file), $"\"{field}\"", name);
        }

        return form;
    }

    private static ByteArrayContent Image(byte[] file) => new(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };

    private static StringContent Json(object value) => new(JsonSerializer.Serialize(value), Encoding.UTF8, "application/json");

    private static byte[] Symbol(int label, int shift) => PngFile.Encode(28, 28, (x, y) =>
    {
        var (dx, dy) = (x - 14 - shift, y - 14);
        var isInk = label switch { 0 => Math.Abs(dx) < 3, 1 => Math.Abs(dy) < 3, 2 => Math.Abs(dx - dy) < 3, _ => Math.Abs(Math.Sqrt((dx * dx) + (dy * dy)) - 7) < 2 };
        return isInk ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255);
    });

    private static byte[] Photograph(int width, int height, int kind, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { Shader = SKShader.CreatePerlinNoiseTurbulence(0.01f * (2 + kind % 3), 0.02f, 4, kind) };
        canvas.DrawPaint(paint);
        using var file = bitmap.Encode(format, quality: 85);
        // As a phone that is held upright writes it.
        return format == SKEncodedImageFormat.Jpeg ? SampleFiles.WithExif(file.ToArray(), PngFile.Exif(6, littleEndian: true)) : file.ToArray();
    }
}
