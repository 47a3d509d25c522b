using Microsoft.ML.Data;

namespace MLExtensions.Feed.Tests;

/// <summary>Vector values, dense and sparse, and their editor.</summary>
[TestClass]
public sealed class DataVectorTests
{
    private static VBuffer<float> Sparse => new(6, 2, [5f, 7f], [1, 4]);

    [TestMethod]
    public void ASparseVectorHasItsExplicitItemsAndZeros()
    {
        Assert.IsFalse(Sparse.IsDense);
        Assert.AreEqual(6, Sparse.Length);
        CollectionAssert.AreEqual(new[] { 5f, 7f }, Sparse.GetValues().ToArray());
        CollectionAssert.AreEqual(new[] { 1, 4 }, Sparse.GetIndices().ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 5, 0, 0, 7, 0 }, Sparse.DenseValues().ToArray());
        CollectionAssert.AreEqual(new[] { 1, 4 }, Sparse.Items().Select(item => item.Key).ToArray());
        Assert.AreEqual(6, Sparse.Items(all: true).Count());
        Assert.AreEqual(7f, Sparse.GetItemOrDefault(4));
        Assert.AreEqual(0f, Sparse.GetItemOrDefault(5));
        Assert.AreEqual("Sparse vector of size 6, 2 explicit values", Sparse.ToString());
    }

    [TestMethod]
    public void ADenseVectorHasNoIndices()
    {
        var dense = new VBuffer<float>(2, [1f, 2f]);
        Assert.IsTrue(dense.IsDense);
        Assert.AreEqual(0, dense.GetIndices().Length);
        Assert.AreEqual("Dense vector of size 2", dense.ToString());
        Assert.IsTrue(default(VBuffer<float>).IsDense);
        Assert.AreEqual(0, default(VBuffer<float>).GetValues().Length);
    }

    [TestMethod]
    public void ASparseVectorCanBeCopiedAsItIsAndMadeDense()
    {
        VBuffer<float> copy = default;
        Sparse.CopyTo(ref copy);
        Assert.IsFalse(copy.IsDense);
        Sparse.CopyToDense(ref copy);
        Assert.IsTrue(copy.IsDense);
        CollectionAssert.AreEqual(Sparse.DenseValues().ToArray(), copy.GetValues().ToArray());

        var array = new float[8];
        Sparse.CopyTo(array, 1, -1f);
        CollectionAssert.AreEqual(new[] { 0f, -1, 5, -1, -1, 7, -1, 0 }, array);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.CopyTo(new float[5]));
    }

    [TestMethod]
    public void AnEditorUsesTheArraysOfTheOldValueAgain()
    {
        VBuffer<int> value = default;
        var editor = VBufferEditor.Create(ref value, 4);
        Assert.IsTrue(editor.CreatedNewValues);
        new[] { 1, 2, 3, 4 }.CopyTo(editor.Values);
        value = editor.Commit();

        editor = VBufferEditor.Create(ref value, 3);
        Assert.IsFalse(editor.CreatedNewValues);
        value = editor.Commit();
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, value.GetValues().ToArray());
    }

    [TestMethod]
    public void AnEditorWritesSparseValuesAndCanKeepFewerThanPlanned()
    {
        VBuffer<int> value = default;
        var editor = VBufferEditor.Create(ref value, 10, 3);
        for (var i = 0; i < 2; i++)
        {
            editor.Values[i] = i + 1;
            editor.Indices[i] = 2 * i;
        }

        value = editor.CommitTruncated(2);
        Assert.AreEqual(10, value.Length);
        CollectionAssert.AreEqual(new[] { 0, 2 }, value.GetIndices().ToArray());
    }

    [TestMethod]
    public void ValuesThatDoNotFitAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, [1, 2]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<int>(-1, []));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, 4, [1, 2, 3, 4], [0, 1, 2, 3]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<int>(3, 2, [1, 2], [0]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(6));
    }
}
