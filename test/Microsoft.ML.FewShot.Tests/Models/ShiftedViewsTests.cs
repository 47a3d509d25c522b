using MLExtensions.Testing;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public class ShiftedViewsTests
{
    [TestMethod]
    public void ViewsAreMovedAlongTheDiagonalsAndRepeatTheBorder()
    {
        using var scope = NewDisposeScope();
        var image = tensor(new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }).view(1, 1, 1, 3, 3);
        AreEqual([1, 1, 2, 1, 1, 2, 4, 4, 5], 0, "down and right");
        AreEqual([5, 6, 6, 8, 9, 9, 8, 9, 9], 1, "up and left");
        AreEqual([4, 4, 5, 7, 7, 8, 7, 7, 8], 2, "up and right");
        AreEqual([2, 3, 3, 2, 3, 3, 5, 6, 6], 3, "down and left");

        void AreEqual(float[] expected, int view, string where)
        {
            var moved = ShiftedViews.Of(image, view);
            CollectionAssert.AreEqual(image.shape, moved.shape, where);
            CollectionAssert.AreEqual(expected, moved.data<float>().ToArray(), where);
        }
    }

    [TestMethod]
    public void LargerImagesAreMovedByMorePixels()
    {
        using var scope = NewDisposeScope();
        var image = Drawn.Normal(1, 1, 1, 1, 56, 56);
        var view = ShiftedViews.Of(image, 0);
        TensorAssert.AreClose(image.narrow(3, 0, 54).narrow(4, 0, 54), view.narrow(3, 2, 54).narrow(4, 2, 54), 0, "moved by 2");
    }

    [TestMethod]
    public void ClassMeansAreThoseOfAnImageAndItsViews()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = new HyperTransformerModel(new FewShotShape { ImageSize = 12, Channels = 4, Convolutions = 2, MaxWays = 4, SupportViews = 2, QueryViews = 0 }, 3);
        model.eval();
        var (support, query) = (Drawn.Normal(1, 1, 3, 1, 12, 12), Drawn.Normal(2, 1, 5, 1, 12, 12));
        var means = model.Backbone.call(support[0])
            .Add(model.Backbone.call(ShiftedViews.Of(support, 0)[0])).Add(model.Backbone.call(ShiftedViews.Of(support, 1)[0])).Div(3);
        var expected = model.Backbone.call(query[0]).unsqueeze(1).sub(means).Square().sum(2).Mul(-4.0 / model.Shape.EmbeddingLength).softmax(1);
        TensorAssert.AreClose(expected, model.Logits(support, Tasks.Candidates(3, [0, 1, 2]), query)[0].softmax(1), 1e-5, "probabilities");
    }

    [TestMethod]
    public void ScoresAreThoseOfTheMeanOverAQueryAndItsViews()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var shape = new FewShotShape { ImageSize = 12, Channels = 4, Convolutions = 2, MaxWays = 4, QueryViews = 2 };
        using var model = new HyperTransformerModel(shape, 3);
        model.eval();
        using var task = model.GenerateLayers(Drawn.Normal(1, 1, 3, 1, 12, 12), Tasks.Candidates(3, [0, 1, 2]));
        var query = Drawn.Normal(2, 1, 5, 1, 12, 12);
        var mean = model.Backbone.call(query[0]).Add(model.Backbone.call(ShiftedViews.Of(query, 0)[0])).Add(model.Backbone.call(ShiftedViews.Of(query, 1)[0])).Div(3);
        TensorAssert.AreClose(mean.matmul(task.Weight[0].t()).Add(task.Bias[0]), model.Run(query, task)[0], 1e-5, "logits");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    [DataRow(4)]
    public void AFinishedClassifierMovesQueriesToo(int views)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = new HyperTransformerModel(new FewShotShape { ImageSize = 12, Channels = 4, Convolutions = 2, MaxWays = 4, QueryViews = views }, 3);
        model.eval();
        using var task = model.GenerateLayers(Drawn.Normal(1, 1, 3, 1, 12, 12), Tasks.Candidates(3, [0, 1, 2]));
        using var network = task.Extract(0);
        var query = Drawn.Normal(2, 1, 5, 1, 12, 12);
        TensorAssert.AreClose(model.Run(query, task)[0], network.call(query[0]), 1e-5, "logits");
    }
}
