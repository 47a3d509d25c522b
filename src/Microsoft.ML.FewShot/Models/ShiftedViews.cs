using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Images moved a little along the diagonals. Pooling makes an embedding depend on where exactly a drawing lies; the mean over an image and its views
/// depends on it less. What a view lacks at the border is the border repeated.
/// </summary>
internal static class ShiftedViews
{
    /// <summary>The most views there are.</summary>
    internal const int Most = 4;

    private const int SidePerPixel = 28;

    private static readonly (int X, int Y)[] Directions = [(1, 1), (-1, -1), (1, -1), (-1, 1)];

    /// <summary>View <paramref name="view"/>, from 0, of every image, moved by a pixel for every 28 of the side, [..., S, S].</summary>
    internal static Tensor Of(Tensor images, int view)
    {
        using var scope = NewDisposeScope();
        var (side, axes) = ((int)images.size(-1), (int)images.dim());
        using var rows = tensor(Rows(view, side), device: images.device);                      // int64 [S]
        using var columns = tensor(Columns(view, side), device: images.device);                // int64 [S]
        return images.index_select(axes - 2, rows).index_select(axes - 1, columns).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of what an embedding gives for images [..., S, S] and for their first <paramref name="views"/> views.</summary>
    /// <param name="embedding">What it gives for the images themselves.</param>
    /// <param name="images">The images.</param>
    /// <param name="views">How many views; with 0 the embedding is given back as it is.</param>
    /// <param name="embed">Embeds a view.</param>
    internal static Tensor Mean(Tensor embedding, Tensor images, int views, Func<Tensor, Tensor> embed)
    {
        return views == 0 ? embedding : Sums(embedding, images, views, embed).Last().Div(views + 1);
    }

    /// <summary>The means over the images and their first <paramref name="first"/>, and first <paramref name="second"/>, views; a view is embedded once for both.</summary>
    /// <param name="embedding">What the embedding gives for the images themselves.</param>
    /// <param name="images">The images.</param>
    /// <param name="first">The views of the first mean.</param>
    /// <param name="second">The views of the second mean; the same tensor where they are as many.</param>
    /// <param name="embed">Embeds a view.</param>
    internal static (Tensor First, Tensor Second) Means(Tensor embedding, Tensor images, int first, int second, Func<Tensor, Tensor> embed)
    {
        Tensor[] sums = [.. Sums(embedding, images, Math.Max(first, second), embed)];
        Tensor MeanOf(int views) => views == 0 ? embedding : sums[views].Div(views + 1);
        var mean = MeanOf(first);
        return (mean, second == first ? mean : MeanOf(second));
    }

    /// <summary>The row that each row of a view comes from, [S].</summary>
    internal static long[] Rows(int view, int side) => From(Directions[view].Y, side);

    /// <summary>The column that each column of a view comes from, [S].</summary>
    internal static long[] Columns(int view, int side) => From(Directions[view].X, side);

    // The embedding itself, with one view added, with two, ...
    private static IEnumerable<Tensor> Sums(Tensor embedding, Tensor images, int views, Func<Tensor, Tensor> embed)
    {
        var sum = embedding;
        yield return sum;
        for (int view = 0; view < views; view++)
        {
            // One view at a time: larger batches take longer an image.
            sum = sum.Add(embed(Of(images, view)));
            yield return sum;
        }
    }

    private static long[] From(int direction, int side)
    {
        long by = direction * Math.Max(1, side / SidePerPixel);
        return [.. Enumerable.Range(0, side).Select(place => Math.Clamp(place - by, 0, side - 1))];
    }
}
