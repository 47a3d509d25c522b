using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace MLExt.Serve.Http;

/// <summary>Bounds the memory of bodies: beyond what all requests together may have sent and not been answered, the answer is 503. Uploads to the disk do not count.</summary>
internal sealed class BodyRoom(RequestDelegate next, ServeLimits limits)
{
    private long _held;

    /// <summary>Passes a request on and counts its body.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var body = new CountedBody(context.Request.Body, Take);
        context.Request.Body = body;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Add(ref _held, -body.Taken);
        }
    }

    private void Take(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > limits.HeldBytes)
        {
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable, $"{limits.HeldBytes} bytes of other requests are being held already; try again later.");
        }
    }

    private sealed class CountedBody(Stream body, Action<int> take) : Stream
    {
        public long Taken { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Taken += read;
            take(read);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
