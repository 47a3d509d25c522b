using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace MLExt.Reports.Html;

/// <summary>A piece of HTML or SVG. What is put into one is escaped unless it is such a piece itself; numbers are written the same everywhere.</summary>
internal readonly struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    /// <summary>Makes a piece: literal parts are taken as they are, what stands in braces is escaped.</summary>
    public static Markup Of(Interpolation text) => new(text.ToString());

    /// <summary>Takes a constant as it is.</summary>
    public static Markup OfConstant([ConstantExpected] string text) => new(text);

    /// <summary>Puts pieces one after another.</summary>
    public static Markup Join(IEnumerable<Markup> pieces) => new(string.Join('\n', pieces));

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    /// <summary>What the compiler turns an interpolated string into.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Interpolation(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (16 * formattedCount));

        /// <summary>Takes a literal part.</summary>
        public void AppendLiteral(string text) => _text.Append(text);

        /// <summary>Takes a piece of HTML.</summary>
        public void AppendFormatted(Markup piece) => _text.Append(piece.ToString());

        /// <summary>Takes pieces of HTML.</summary>
        public void AppendFormatted(IEnumerable<Markup> pieces) => _text.Append(Join(pieces).ToString());

        /// <summary>Takes text.</summary>
        public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(text));

        /// <summary>Takes a number.</summary>
        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

        /// <inheritdoc/>
        public override string ToString() => _text.ToString();
    }
}
