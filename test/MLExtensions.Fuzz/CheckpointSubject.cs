using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using MLExtensions.Testing;
using TorchSharp;

namespace MLExtensions.Fuzz;

/// <summary>Files of unfinished trainings: the training goes on from them, and its model scores a few rows.</summary>
internal sealed class CheckpointSubject : Subject
{
    private const string CheckpointName = "run";

    private static readonly string[] Keys = ["state", "result"];

    private static readonly float[] OddNumbers = [float.NaN, float.PositiveInfinity, -1, 1e30f, 0];
    private static readonly long[] OddCounts = [long.MinValue, -1, 0, 1L << 40, long.MaxValue];

    // What a training from weights of any size may say, and the model that it leaves.
    private static readonly string[] Diverging = ["no model to keep", "scores are no numbers"];

    private readonly List<Unfinished> _all =
    [
        .. Files(SmallTraining.Images, epochs: 1),
        .. Files(SmallTraining.Images, epochs: 2),
        .. Files(SmallTraining.FewShot, epochs: 1),
        .. Files(SmallTraining.FewShot, epochs: 2),
    ];

    // It trains, on a machine that may have other things to do.
    public override TimeSpan Longest => TimeSpan.FromSeconds(10);

    public override string Extension => ".safetensors";

    public override IReadOnlyList<(string Name, byte[] File)> Honest => [.. _all.Select(one => ($"{one.Trainer} {one.Name}", one.File))];

    public override byte[] Mutate(int honest, Random random)
    {
        var (file, other) = (_all[honest].File, _all[random.Next(_all.Count)].File);
        var mutant = random.Next(6) switch
        {
            0 or 1 => ByteMutator.Mutate(file, other, random),
            2 => ModelMutator.ChangeTensors(file, random),
            3 => Rewritten(file, (metadata, _) =>
            {
                var key = Keys.First(metadata.ContainsKey);
                metadata[key] = Encoding.UTF8.GetString(ModelMutator.ChangeJson(Encoding.UTF8.GetBytes(metadata[key]), random));
            }),
            4 => Rewritten(file, (metadata, _) => metadata.Remove(metadata.Keys.ElementAt(random.Next(metadata.Count)))),
            _ => Rewritten(file, (_, tensors) => Change(tensors, random)),
        };
        // The checksum keeps a reader from what is behind it.
        return random.Next(4) == 0 ? mutant : Rewritten(mutant, (_, _) => { });
    }

    public override string Try(int honest, byte[] file)
    {
        using var folder = new TemporaryFolder();
        var one = _all[honest];
        foreach (var other in one.Others)
        {
            File.WriteAllBytes(folder[other.Name], other.File);
        }

        File.WriteAllBytes(folder[one.Name], file);
        try
        {
            var (model, data) = SmallTraining.Run(one.Trainer, folder[CheckpointName], isTiny: true);
            using var owned = model as IDisposable;
            using var classifier = (model as FewShotHyperTransformer)?.CreateClassifier(data);
            var scores = (classifier ?? model).Transform(data).GetColumn<float[]>("Score").ToArray();
            return scores.All(row => Array.TrueForAll(row, float.IsFinite)) ? "scored" : "!scores that are not finite";
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException && e.Message.Contains(folder[one.Name], StringComparison.Ordinal))
        {
            return $"refused: {(e is FormatException ? "damaged" : "of another run")}";
        }
        catch (InvalidOperationException e) when (Array.Exists(Diverging, what => e.Message.Contains(what, StringComparison.Ordinal)))
        {
            return "resumed, and diverges";
        }
        catch (Exception e)
        {
            return $"!{e.GetType().Name} at {ModelSubject.Place(e)}: {e.Message.ReplaceLineEndings(" ").Replace(folder.Path, "", StringComparison.Ordinal)}";
        }
    }

    // What a training leaves that is stopped after so many epochs.
    private static IEnumerable<Unfinished> Files(string trainer, int epochs)
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        (SmallTraining.Run(trainer, folder[CheckpointName], isTiny: true, () =>
        {
            if (--epochs == 0)
            {
                stop.Cancel();
            }
        }, stop.Token).Model as IDisposable)?.Dispose();
        (string Name, byte[] File)[] files = [.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))];
        return [.. files.Select(file => new Unfinished(trainer, file.Name, file.File, [.. files.Where(other => other.Name != file.Name)]))];
    }

    // Written again with the checksum of what it holds then; as it is where it cannot be read.
    private static byte[] Rewritten(byte[] file, Action<Dictionary<string, string>, Dictionary<string, torch.Tensor>> change)
    {
        using var scope = torch.NewDisposeScope();
        try
        {
            var reader = SafetensorsReader.Open(new MemoryStream(file), file.Length);
            var metadata = new Dictionary<string, string>(reader.Metadata, StringComparer.Ordinal);
            var tensors = reader.ReadTensors().ToDictionary(pair => pair.Entry.Name, pair => pair.Value, StringComparer.Ordinal);
            change(metadata, tensors);
            var values = tensors.Select(pair => (pair.Key, pair.Value)).ToArray();
            metadata[RunFile.ChecksumKey] = RunFile.Checksum(values, metadata);
            using var stream = new MemoryStream();
            SafetensorsWriter.Write(stream, values, metadata);
            return stream.ToArray();
        }
        catch (FormatException)
        {
            return file;
        }
    }

    private static void Change(Dictionary<string, torch.Tensor> tensors, Random random)
    {
        var names = tensors.Keys.Order(StringComparer.Ordinal).ToArray();
        var (name, other) = (names[random.Next(names.Length)], names[random.Next(names.Length)]);
        switch (random.Next(5))
        {
            case 0:
                tensors.Remove(name);
                break;
            case 1:
                tensors[name + "x"] = tensors[name];
                break;
            case 2:
                (tensors[name], tensors[other]) = (tensors[other], tensors[name]);
                break;
            case 3:
                using (var odd = tensors[name].is_floating_point() ? OddNumbers[random.Next(OddNumbers.Length)].ToScalar() : OddCounts[random.Next(OddCounts.Length)].ToScalar())
                {
                    tensors[name] = torch.full_like(tensors[name], odd);
                }

                break;
            default:
                tensors[name] = torch.zeros(random.Next(2) == 0 ? [0] : [1, random.Next(1, 100_000)]);
                break;
        }
    }

    private sealed record Unfinished(string Trainer, string Name, byte[] File, (string Name, byte[] File)[] Others);
}
