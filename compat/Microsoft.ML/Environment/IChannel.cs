namespace Microsoft.ML.Runtime;

/// <summary>Sends messages of one type.</summary>
public interface IPipe<TMessage> : IExceptionContext, IDisposable
{
    /// <summary>Sends a message.</summary>
    void Send(TMessage msg);
}

/// <summary>Sends messages for people.</summary>
public interface IChannel : IPipe<ChannelMessage>
{
    /// <summary>Sends a detail.</summary>
    void Trace(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends a detail.</summary>
    void Trace(MessageSensitivity sensitivity, string fmt, params object[] args);

    /// <summary>Sends an error.</summary>
    void Error(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends an error.</summary>
    void Error(MessageSensitivity sensitivity, string fmt, params object[] args);

    /// <summary>Sends a warning.</summary>
    void Warning(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends a warning.</summary>
    void Warning(MessageSensitivity sensitivity, string fmt, params object[] args);

    /// <summary>Sends information.</summary>
    void Info(MessageSensitivity sensitivity, string fmt);

    /// <summary>Sends information.</summary>
    void Info(MessageSensitivity sensitivity, string fmt, params object[] args);
}

/// <summary>How grave a message is.</summary>
public enum ChannelMessageKind
{
    /// <summary>A detail.</summary>
    Trace = 0,

    /// <summary>Information.</summary>
    Info = 1,

    /// <summary>Something is probably wrong.</summary>
    Warning = 2,

    /// <summary>Something failed.</summary>
    Error = 3,
}

/// <summary>What a message may give away.</summary>
[Flags]
public enum MessageSensitivity
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>User data.</summary>
    UserData = 0x1,

    /// <summary>Names of columns and the like.</summary>
    Schema = 0x2,

    /// <summary>Not known, so everything.</summary>
    Unknown = ~None,

    /// <summary>Everything.</summary>
    All = Unknown,
}

/// <summary>A message on a channel.</summary>
public readonly struct ChannelMessage
{
    /// <summary>How grave it is.</summary>
    public readonly ChannelMessageKind Kind;

    /// <summary>What it may give away.</summary>
    public readonly MessageSensitivity Sensitivity;

    private readonly string _format;
    private readonly object[] _args;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string message)
    {
        Contracts.CheckNonEmpty(message, nameof(message));
        Kind = kind;
        Sensitivity = sensitivity;
        _format = message;
        _args = null;
    }

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string fmt, params object[] args)
    {
        Contracts.CheckNonEmpty(fmt, nameof(fmt));
        Contracts.CheckParam(args is { Length: > 0 }, nameof(args), $"{nameof(args)} cannot be null or empty");
        Kind = kind;
        Sensitivity = sensitivity;
        _format = fmt;
        _args = args;
    }

    /// <summary>The text.</summary>
    public string Message => _args != null ? string.Format(_format, _args) : _format;
}

internal static class HostExtensions
{
    public static void Trace(this IChannel ch, string fmt) => ch.Trace(MessageSensitivity.Unknown, fmt);

    public static void Trace(this IChannel ch, string fmt, params object[] args) => ch.Trace(MessageSensitivity.Unknown, fmt, args);

    public static void Error(this IChannel ch, string fmt) => ch.Error(MessageSensitivity.Unknown, fmt);

    public static void Error(this IChannel ch, string fmt, params object[] args) => ch.Error(MessageSensitivity.Unknown, fmt, args);

    public static void Warning(this IChannel ch, string fmt) => ch.Warning(MessageSensitivity.Unknown, fmt);

    public static void Warning(this IChannel ch, string fmt, params object[] args) => ch.Warning(MessageSensitivity.Unknown, fmt, args);

    public static void Info(this IChannel ch, string fmt) => ch.Info(MessageSensitivity.Unknown, fmt);

    public static void Info(this IChannel ch, string fmt, params object[] args) => ch.Info(MessageSensitivity.Unknown, fmt, args);
}
