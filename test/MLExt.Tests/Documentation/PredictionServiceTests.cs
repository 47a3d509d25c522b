using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MLExtensions.Testing;
using Samples.FewShotSymbols;
using Samples.PredictionService;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class PredictionServiceTests
{
    [TestMethod]
    public async Task TheServicePredictsForManyAtOnce()
    {
        using var folder = new TemporaryFolder();
        Adapt(folder, symbols: 4);
        using var service = ServiceProcess.Start(typeof(ImageInput), folder.Path, "--model", folder["classifier.zip"]);

        var classes = await service.Client.GetFromJsonAsync<string[]>("/classes");
        CollectionAssert.AreEqual((string[])["symbol-01", "symbol-02", "symbol-03", "symbol-04"], classes);
        var images = Directory.GetFiles(folder["examples"], "*.png", SearchOption.AllDirectories);
        var answers = await Task.WhenAll(images.Select(image => service.Client.PostAsync("/predict", new ByteArrayContent(File.ReadAllBytes(image)))));
        foreach (var (image, answer) in images.Zip(answers))
        {
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.AreEqual(Path.GetFileName(Path.GetDirectoryName(image)), json.GetProperty("label").GetString());
            Assert.AreEqual(1.0, json.GetProperty("scores").EnumerateObject().Sum(score => score.Value.GetDouble()), 1e-4);
        }
    }

    [TestMethod]
    public async Task WhatIsNoImageIsRefused()
    {
        using var folder = new TemporaryFolder();
        Adapt(folder, symbols: 2);
        using var service = ServiceProcess.Start(typeof(ImageInput), folder.Path, "--model", folder["classifier.zip"]);
        foreach (var body in (byte[][])[[], [1, 2, 3]])
        {
            var answer = await service.Client.PostAsync("/predict", new ByteArrayContent(body));
            Assert.AreEqual(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
            Assert.AreEqual("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    /// <summary>Makes a classifier of drawn symbols with the tool.</summary>
    private static void Adapt(TemporaryFolder folder, int symbols)
    {
        DrawnSymbols.Write(folder["examples"], symbols, perSymbol: 2, alphabet: 31, hand: 1);
        Tool.Run("few-shot", "adapt", "--model", "symbols", "--support", folder["examples"], "--output", folder["classifier.zip"]).Expect(ExitCode.Success);
    }
}
