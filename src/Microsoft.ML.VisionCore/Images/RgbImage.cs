namespace Microsoft.ML.VisionCore.Images;

/// <summary>Interleaved red, green, blue bytes, [height, width, 3]. The buffer is kept from image to image.</summary>
internal sealed class RgbImage
{
    private byte[] _buffer = [];

    public int Width { get; private set; }

    public int Height { get; private set; }

    public Span<byte> Pixels => _buffer.AsSpan(0, Width * Height * 3);

    public void Resize(int width, int height)
    {
        var length = checked(width * height * 3);
        if (_buffer.Length < length)
        {
            _buffer = new byte[length];
        }

        Width = width;
        Height = height;
    }
}
