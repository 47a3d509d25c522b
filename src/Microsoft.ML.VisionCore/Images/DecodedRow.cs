namespace Microsoft.ML.VisionCore.Images;

/// <summary>A row of a data view whose image has been decoded, or not: then <see cref="Problem"/> says why.</summary>
internal sealed class DecodedRow(int imageBytes)
{
    /// <summary>The number of the row in the data view, from 0.</summary>
    public long Position { get; set; }

    /// <summary>The key of the label: 0 means missing, 1 is the first class.</summary>
    public uint Key { get; set; }

    /// <summary>Null where <see cref="Pixels"/> were filled.</summary>
    public string? Problem { get; set; }

    /// <summary>[3, S, S].</summary>
    public byte[] Pixels { get; } = new byte[imageBytes];
}
