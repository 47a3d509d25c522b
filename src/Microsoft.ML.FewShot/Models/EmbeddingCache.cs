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

    /// <summary>The embedding of a photograph, [3, S, S] → [F].</summary>
    /// <param name="photograph">The photograph.</param>
    /// <param name="embed">Computes it where it is not known; it must not depend on anything else.</param>
    public Tensor Get(Tensor photograph, Func<Tensor> embed)
    {
        using var plain = photograph.cpu().contiguous();
        var key = Convert.ToHexString(SHA256.HashData(plain.bytes));
        lock (_latest)
        {
            if (_byKey.TryGetValue(key, out var node))
            {
                _latest.Remove(node);
                _latest.AddFirst(node);
                return tensor(node.Value.Values, device: photograph.device);
            }
        }

        var embedding = embed();
        using var copy = embedding.cpu();
        lock (_latest)
        {
            if (_byKey.TryAdd(key, new((key, copy.data<float>().ToArray()))))
            {
                _latest.AddFirst(_byKey[key]);
            }

            if (_latest.Count > Most)
            {
                _byKey.Remove(_latest.Last!.Value.Key);
                _latest.RemoveLast();
            }
        }

        return embedding;
    }
}
