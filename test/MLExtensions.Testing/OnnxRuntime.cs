using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.VisionCore.Onnx;

namespace MLExtensions.Testing;

/// <summary>Runs ONNX graphs with ONNX Runtime, in a process of Node.js (test/onnxruntime).</summary>
public sealed class OnnxRuntime : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Process _process;
    private readonly TemporaryFolder _folder = new();
    private int _models;

    /// <summary>Starts the process. Where ONNX Runtime has not been fetched, the test is inconclusive.</summary>
    public OnnxRuntime()
    {
        var folder = Folder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            Assert.Inconclusive($"ONNX Runtime is not there. ./test.sh fetches it; so does 'npm ci --ignore-scripts' in '{folder}'.");
        }

        try
        {
            _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "run.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (Win32Exception)
        {
            throw new AssertInconclusiveException("ONNX Runtime runs in Node.js, and 'node' is not on the PATH. ./test.sh installs it.");
        }
    }

    /// <summary>Exports a model and runs it on images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="planes">The images as the models here see them, [N, C, S, S].</param>
    /// <param name="colours">C.</param>
    /// <param name="side">S.</param>
    /// <returns>[N, Y].</returns>
    public float[][] RunImages(ITransformer model, byte[] planes, int colours, int side) =>
        Run(Export(model), "image", "uint8", [planes.Length / (colours * side * side), side, side, colours], Interleave(planes, colours, side * side));

    /// <summary>Exports a model and runs it on feature vectors.</summary>
    /// <returns>[N, Y].</returns>
    public float[][] RunFeatures(ITransformer model, float[][] features) =>
        Run(Export(model), "features", "float32", [features.Length, features[0].Length], MemoryMarshal.AsBytes<float>(features.SelectMany(row => row).ToArray()).ToArray());

    /// <summary>Runs a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="input">The name of its input.</param>
    /// <param name="type">"uint8" or "float32".</param>
    /// <param name="dimensions">The shape of the numbers.</param>
    /// <param name="data">The numbers.</param>
    /// <returns>The rows of the output "probabilities".</returns>
    public float[][] Run(string file, string input, string type, int[] dimensions, byte[] data)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(new { model = file, input, type, dims = dimensions, data = Convert.ToBase64String(data) }));
        var line = _process.StandardOutput.ReadLine() ?? throw new AssertFailedException("ONNX Runtime ended without an answer.");
        var answer = JsonSerializer.Deserialize<Answer>(line, Json)!;
        Assert.IsNull(answer.Error, answer.Error);
        CollectionAssert.AreEqual(new[] { input }, answer.Inputs);
        CollectionAssert.AreEqual(new[] { OnnxClassifier.ProbabilityOutput }, answer.Outputs);
        Assert.AreEqual(dimensions[0], answer.Dims![0]);
        return [.. answer.Data!.Chunk(answer.Dims[1])];
    }

    /// <summary>Exports a model to a temporary file, and fails where the graph has constants that it does not use.</summary>
    public string Export(ITransformer model)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.ExportToOnnx(model, stream);
        var graph = ModelProto.Parser.ParseFrom(stream.ToArray()).Graph;
        var unused = graph.Initializer.Select(constant => constant.Name).Except(graph.Node.SelectMany(node => node.Input)).ToArray();
        Assert.IsEmpty(unused, $"The graph does not use its constants {string.Join(", ", unused)}.");
        var file = _folder[$"{_models++}.onnx"];
        File.WriteAllBytes(file, stream.ToArray());
        return file;
    }

    /// <summary>Fails where a probability differs by more than 1e-4, or the most probable class is another.</summary>
    public static void AreAlike(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual)
    {
        Assert.AreEqual(expected.Count, actual.Count);
        for (var row = 0; row < expected.Count; row++)
        {
            Assert.HasCount(expected[row].Length, actual[row]);
            for (var k = 0; k < actual[row].Length; k++)
            {
                Assert.AreEqual(expected[row][k], actual[row][k], 1e-4f, $"row {row}, class {k}");
            }

            Assert.AreEqual(Largest(expected[row]), Largest(actual[row]), $"row {row}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private static int Largest(float[] values) => Array.IndexOf(values, values.Max());

    private static byte[] Interleave(byte[] planes, int colours, int area)
    {
        var pixels = new byte[planes.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (image, rest) = Math.DivRem(i, colours * area);
            var (pixel, colour) = Math.DivRem(rest, colours);
            pixels[i] = planes[(image * colours * area) + (colour * area) + pixel];
        }

        return pixels;
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "onnxruntime"));

    private sealed record Answer(string[]? Inputs, string[]? Outputs, int[]? Dims, float[]? Data, string? Error);
}
