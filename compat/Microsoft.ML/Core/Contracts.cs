using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>Argument and state checks; each can name the component that complains, or none.</summary>
internal static class Contracts
{
    private const string MarkKey = "ML_IsMarked";

    /// <summary>Marks an exception as one that a check threw.</summary>
    public static TException Process<TException>(this TException ex, IExceptionContext ectx = null)
        where TException : Exception
        => ectx != null ? ectx.Process(ex) : Mark(ex);

    public static TException Mark<TException>(TException ex)
        where TException : Exception
    {
        ex.Data[MarkKey] = 1;
        return ex;
    }

    public static bool IsMarked(this Exception ex) => ex.Data.Contains(MarkKey);

    /// <summary>Throws if the environment was told to stop.</summary>
    public static void CheckAlive(this IHostEnvironment env)
    {
        if (env is ICancelable { IsCanceled: true })
        {
            throw Process(new OperationCanceledException("Operation was canceled."), env);
        }
    }

    // The state is wrong: InvalidOperationException.
    public static Exception Except(string msg) => Process(new InvalidOperationException(msg));

    public static Exception Except(this IExceptionContext ctx, string msg) => Process(new InvalidOperationException(msg), ctx);

    public static Exception Except(this IExceptionContext ctx, string msg, params object[] args) => Except(ctx, Format(msg, args));

    public static Exception Except(Exception inner, string msg) => Process(new InvalidOperationException(msg, inner));

    public static void Check(bool f) => Check(null, f);

    public static void Check(this IExceptionContext ctx, bool f)
    {
        if (!f)
        {
            throw Process(new InvalidOperationException(), ctx);
        }
    }

    public static void Check(bool f, string msg) => Check(null, f, msg);

    public static void Check(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
        {
            throw Except(ctx, msg);
        }
    }

    // A value is wrong: ArgumentOutOfRangeException.
    public static Exception ExceptUserArg(this IExceptionContext ctx, string name, string msg) => ExceptParam(ctx, name, msg);

    public static Exception ExceptParam(string paramName, string msg) => ExceptParam(null, paramName, msg);

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg), ctx);

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg, params object[] args)
        => ExceptParam(ctx, paramName, Format(msg, args));

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName)
        => ExceptParam(ctx, paramName, $"Could not find {columnRole} column '{columnName}'");

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName, string expectedType, string actualType)
        => ExceptParam(ctx, paramName, $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}");

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name, string msg) => CheckParam(ctx, f, name, msg);

    public static void CheckUserArg(bool f, string name) => CheckParam(null, f, name);

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name) => CheckParam(ctx, f, name);

    public static void CheckParam(bool f, string paramName) => CheckParam(null, f, paramName);

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName)
    {
        if (!f)
        {
            throw Process(new ArgumentOutOfRangeException(paramName), ctx);
        }
    }

    public static void CheckParam(bool f, string paramName, string msg) => CheckParam(null, f, paramName, msg);

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName, string msg)
    {
        if (!f)
        {
            throw ExceptParam(ctx, paramName, msg);
        }
    }

    public static string CheckNonEmpty(string s, string paramName) => CheckNonEmpty(null, s, paramName);

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName)
    {
        CheckParam(ctx, !string.IsNullOrEmpty(s), paramName, $"{paramName} cannot be null or empty");
        return s;
    }

    public static string CheckNonWhiteSpace(string s, string paramName) => CheckNonWhiteSpace(null, s, paramName);

    public static string CheckNonWhiteSpace(this IExceptionContext ctx, string s, string paramName)
    {
        CheckParam(ctx, !string.IsNullOrWhiteSpace(s), paramName, $"{paramName} cannot be null or white space");
        return s;
    }

    // A value is missing: ArgumentNullException.
    public static T CheckRef<T>(T val, string paramName)
        where T : class
        => CheckRef(null, val, paramName);

    public static T CheckRef<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
    {
        CheckValue(ctx, val, paramName);
        return val;
    }

    public static void CheckValue<T>(T val, string paramName)
        where T : class
        => CheckValue(null, val, paramName);

    public static void CheckValue<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
    {
        if (val is null)
        {
            throw Process(new ArgumentNullException(paramName), ctx);
        }
    }

    // What was read is wrong: FormatException.
    public static Exception ExceptDecode(string msg) => ExceptDecode(null, msg);

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg) => Process(new FormatException(msg), ctx);

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg, params object[] args) => ExceptDecode(ctx, Format(msg, args));

    public static Exception ExceptDecode(this IExceptionContext ctx, Exception inner, string msg) => Process(new FormatException(msg, inner), ctx);

    public static void CheckDecode(bool f) => CheckDecode(null, f);

    public static void CheckDecode(this IExceptionContext ctx, bool f)
    {
        if (!f)
        {
            throw Process(new FormatException(), ctx);
        }
    }

    public static void CheckDecode(bool f, string msg) => CheckDecode(null, f, msg);

    public static void CheckDecode(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
        {
            throw ExceptDecode(ctx, msg);
        }
    }

    private static string Format(string msg, object[] args) => string.Format(CultureInfo.InvariantCulture, msg, args);
}
