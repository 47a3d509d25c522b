using System.Security.Cryptography;
using Samples.BatchScoring;
using TorchSharp;

// BatchScoring MODEL.zip LISTS OUTPUT
// LISTS is a folder of files with the path of an image on each line; of each there is a file OUTPUT/LIST.jsonl in the end. Start it as often as there are
// cores, on every machine that sees the folders, and again after whatever stopped it. It ends with 0 when every list has its file.
if (args is not [{ Length: > 0 } modelFile, { Length: > 0 } folder, { Length: > 0 } output])
    return Fail("Expected: BatchScoring MODEL.zip LISTS OUTPUT, with a folder of lists of images as LISTS");
if (!Directory.Exists(folder))
    return Fail($"There is no folder '{folder}' of lists.");
if (Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) == Path.GetFullPath(output).TrimEnd(Path.DirectorySeparatorChar))
    return Fail($"The output would lie among the lists in '{folder}': give it a folder of its own.");

try
{
    torch.set_num_threads(1); // as many processes as cores are faster than one with all cores
    var hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(modelFile)));
    var scorer = new Scorer(modelFile);
    var parts = new Parts(output);
    if (!parts.Write("model.sha256", file => file.Write(hash)) && File.ReadAllText(parts["model.sha256"]) != hash)
        return Fail($"What is in '{output}' is of another model than '{modelFile}'.");

    string[] lists = [.. Directory.GetFiles(folder).Select(list => Path.GetFileName(list)).Where(list => list[0] != '.').Order(StringComparer.Ordinal)];

    // First those that nobody has claimed; then, in any order, those that others have claimed and not finished, for they may have been stopped.
    var leftOut = new HashSet<string>();
    foreach (var (list, needsClaim) in lists.Select(list => (list, true)).Concat(lists.Shuffle().Select(list => (list, false))).Where(one => !leftOut.Contains(one.list)))
    {
        try
        {
            if (!IsDone(list) && (!needsClaim || parts.Write(list + ".claim", _ => { })))
                parts.Write(list + ".jsonl", file => scorer.Score(Path.Combine(folder, list), file));
        }
        catch (Exception e) when (e is InvalidDataException or PathTooLongException) // what befalls the output is no list's fault, and ends the process
        {
            leftOut.Add(list);
            Fail($"List '{list}' is left out: {e.Message}");
        }
    }

    var left = lists.Count(list => !IsDone(list));
    return left == 0 ? 0 : Fail($"{left} of {lists.Length} lists have no part. Start again when what was missing is there.");

    bool IsDone(string list) => File.Exists(parts[list + ".jsonl"]);
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException or InvalidOperationException)
{
    return Fail(e.Message);
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}
