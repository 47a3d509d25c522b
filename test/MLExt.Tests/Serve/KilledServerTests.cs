using System.Diagnostics;
using System.Net;
using MLExtensions.Testing;

namespace MLExt.Tests.Serve;

[TestClass]
public sealed class KilledServerTests
{
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)] // where another variable says where temporary files lie
    public void WhatAKilledServerKeptIsToldAsLostByTheNextAndItsFilesAreDeleted()
    {
        using var folder = new TemporaryFolder();
        TinyImages.WriteFolder(folder["bars"], perClass: 30);
        var temporary = Directory.CreateDirectory(folder["temporary"]).FullName;
        var endless = new { trainTime = 600, imageSize = 16 };

        string dataSet, training, classifier;
        using (var process = Start(temporary, out var client))
        {
            dataSet = Open(client);
            training = Id(client, HttpStatusCode.Accepted, "/api/trainings", Client.Json(new { dataSet, endless.trainTime, endless.imageSize }));
            classifier = Id(client, HttpStatusCode.Created, "/api/classifiers", Client.Form(("a", Glyph.Upright()), ("b", Glyph.Level())));
            process.Kill();
            process.WaitForExit();
            client.Dispose();
        }

        var left = Directory.GetDirectories(temporary, "mlext-serve-*").Single();
        File.SetLastWriteTimeUtc(Path.Combine(left, ".lock"), DateTime.UtcNow.AddHours(-1));
        using (var process = Start(temporary, out var client))
        {
            Assert.IsFalse(Directory.Exists(left));
            foreach (var (kind, id) in new[] { ("datasets", dataSet), ("trainings", training), ("classifiers", classifier) })
            {
                StringAssert.Contains(client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"/api/{kind}/{id}"), $"'{id}', or no longer");
                Assert.AreEqual(0, client.Get($"/api/{kind}").GetArrayLength());
            }

            StringAssert.Contains(client.Problem(HttpStatusCode.NotFound, HttpMethod.Get, $"/api/trainings/{training}/events"), "none when the server ends");
            Id(client, HttpStatusCode.Accepted, "/api/trainings", Client.Json(new { dataSet = Open(client), endless.trainTime, endless.imageSize }));
            process.Kill();
            process.WaitForExit();
            client.Dispose();
        }

        string Open(Client client) => Id(client, HttpStatusCode.Created, "/api/datasets", Client.Json(new { folder = folder["bars"] }));
    }

    private static string Id(Client client, HttpStatusCode status, string path, HttpContent content) =>
        client.Ask(status, HttpMethod.Post, path, content).GetProperty("id").GetString()!;

    private static Process Start(string temporary, out Client client)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "serve", "--port", "0", "--generator", "symbols"])
        {
            RedirectStandardOutput = true,
            Environment = { ["TMPDIR"] = temporary },
        })!;
        client = new Client(ServedAddress.In(process.StandardOutput.ReadLine())!);
        return process;
    }
}
