using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Remembers the embeddings of the last photographs of support sets: a set that is given again, to choose a generator or with one example more, is not embedded again.
/// </summary>
internal sealed class EmbeddingCache
{
    private const int Most = 2048;

    private readonly Dictionary<string, LinkedListNode<(string Key, float[] Values)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, float[] Values)> _latest = [];

    /// <summary>The embeddings of photographs, [M, 3, S, S] → [M, F].</summary>
    /// <param name="photographs">The photographs.</param>
    /// <param name="embed">Computes those that are not known, [K, 3, S, S] → [K, F]; the embedding of one must not depend on the others.</param>
    public Tensor Get(Tensor photographs, Func<Tensor, Tensor> embed)
    {
        using var scope = NewDisposeScope();
        var keys = photographs.unbind(0).Select(Key).ToArray();
        var found = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var key in keys.Where(key => !found.ContainsKey(key)))
        {
            if (Find(key) is { } values)
            {
                found.Add(key, values);
            }
        }

        var first = Enumerable.Range(0, keys.Length).Where(row => !found.ContainsKey(keys[row])).DistinctBy(row => keys[row]).ToArray();
        if (first.Length > 0)
        {
            using var none = no_grad();
            var embedded = embed(photographs.index_select(0, tensor(first.Select(row => (long)row).ToArray(), device: photographs.device))).cpu();
            foreach (var (row, values) in first.Zip(embedded.unbind(0)))
            {
                found.Add(keys[row], values.data<float>().ToArray());
                Remember(keys[row], found[keys[row]]);
            }
        }

        return tensor(keys.SelectMany(key => found[key]).ToArray(), [keys.Length, found[keys[0]].Length], device: photographs.device).MoveToOuterDisposeScope();
    }

    private static string Key(Tensor photograph)
    {
        using var plain = photograph.cpu().contiguous();
        return Convert.ToHexString(SHA256.HashData(plain.bytes));
    }

    private float[]? Find(string key)
    {
        lock (_latest)
        {
            if (!_byKey.TryGetValue(key, out var node))
            {
                return null;
            }

            _latest.Remove(node);
            _latest.AddFirst(node);
            return node.Value.Values;
        }
    }

    private void Remember(string key, float[] values)
    {
        lock (_latest)
        {
            if (_byKey.TryAdd(key, new((key, values))))
            {
                _latest.AddFirst(_byKey[key]);
            }

            if (_latest.Count > Most)
            {
                _byKey.Remove(_latest.Last!.Value.Key);
                _latest.RemoveLast();
            }
        }
    }
}
