namespace MLExtensions.Testing;

/// <summary>Compares rows of scores.</summary>
public static class ScoreAssert
{
    /// <summary>Fails where the numbers of rows or classes differ, or a score by more than the tolerance.</summary>
    public static void AreClose(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual, float tolerance)
    {
        Assert.AreEqual(expected.Count, actual.Count);
        for (var row = 0; row < expected.Count; row++)
        {
            Assert.HasCount(expected[row].Length, actual[row]);
            for (var k = 0; k < actual[row].Length; k++)
            {
                Assert.AreEqual(expected[row][k], actual[row][k], tolerance, $"row {row}, class {k}");
            }
        }
    }
}
