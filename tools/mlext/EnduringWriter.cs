using System.Text;

namespace MLExt;

/// <summary>Writes as long as that works: a terminal that is closed or a disk that is full does not end the work that is written about.</summary>
/// <param name="inner">Where it writes to.</param>
internal sealed class EnduringWriter(TextWriter inner) : TextWriter
{
    /// <summary>Why something could not be written; null where all was.</summary>
    public Exception? Failure { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure ??= e.GetBaseException();
        }
    }
}
