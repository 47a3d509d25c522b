using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>Argument and state checks; each can name the component that complains.</summary>
internal static class Contracts
{
    private const string MarkKey = "ML_IsMarked";

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

    public static Exception Except() => Process(new InvalidOperationException());
    public static Exception Except(this IExceptionContext ctx) => Process(new InvalidOperationException(), ctx);
    public static Exception Except(string msg) => Process(new InvalidOperationException(msg));
    public static Exception Except(this IExceptionContext ctx, string msg) => Process(new InvalidOperationException(msg), ctx);
    public static Exception Except(string msg, params object[] args) => Process(new InvalidOperationException(Format(msg, args)));
    public static Exception Except(this IExceptionContext ctx, string msg, params object[] args) => Process(new InvalidOperationException(Format(msg, args)), ctx);
    public static Exception Except(Exception inner, string msg) => Process(new InvalidOperationException(msg, inner));
    public static Exception Except(this IExceptionContext ctx, Exception inner, string msg) => Process(new InvalidOperationException(msg, inner), ctx);
    public static Exception Except(Exception inner, string msg, params object[] args) => Process(new InvalidOperationException(Format(msg, args), inner));
    public static Exception Except(this IExceptionContext ctx, Exception inner, string msg, params object[] args) => Process(new InvalidOperationException(Format(msg, args), inner), ctx);
    public static Exception ExceptUserArg(string paramName) => Process(new ArgumentOutOfRangeException(paramName));
    public static Exception ExceptUserArg(this IExceptionContext ctx, string paramName) => Process(new ArgumentOutOfRangeException(paramName), ctx);
    public static Exception ExceptUserArg(string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg));
    public static Exception ExceptUserArg(this IExceptionContext ctx, string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg), ctx);
    public static Exception ExceptUserArg(string paramName, string msg, params object[] args) => Process(new ArgumentOutOfRangeException(paramName, Format(msg, args)));
    public static Exception ExceptUserArg(this IExceptionContext ctx, string paramName, string msg, params object[] args) => Process(new ArgumentOutOfRangeException(paramName, Format(msg, args)), ctx);
    public static Exception ExceptParam(string paramName) => Process(new ArgumentOutOfRangeException(paramName));
    public static Exception ExceptParam(this IExceptionContext ctx, string paramName) => Process(new ArgumentOutOfRangeException(paramName), ctx);
    public static Exception ExceptParam(string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg));
    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg), ctx);
    public static Exception ExceptParam(string paramName, string msg, params object[] args) => Process(new ArgumentOutOfRangeException(paramName, Format(msg, args)));
    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg, params object[] args) => Process(new ArgumentOutOfRangeException(paramName, Format(msg, args)), ctx);
    public static Exception ExceptValue(string paramName) => Process(new ArgumentNullException(paramName));
    public static Exception ExceptValue(this IExceptionContext ctx, string paramName) => Process(new ArgumentNullException(paramName), ctx);
    public static Exception ExceptValue(string paramName, string msg) => Process(new ArgumentNullException(paramName, msg));
    public static Exception ExceptValue(this IExceptionContext ctx, string paramName, string msg) => Process(new ArgumentNullException(paramName, msg), ctx);
    public static Exception ExceptValue(string paramName, string msg, params object[] args) => Process(new ArgumentNullException(paramName, Format(msg, args)));
    public static Exception ExceptValue(this IExceptionContext ctx, string paramName, string msg, params object[] args) => Process(new ArgumentNullException(paramName, Format(msg, args)), ctx);
    public static Exception ExceptEmpty(string paramName) => Process(new ArgumentOutOfRangeException(paramName, $"{paramName} cannot be null or empty"));
    public static Exception ExceptEmpty(this IExceptionContext ctx, string paramName) => Process(new ArgumentOutOfRangeException(paramName, $"{paramName} cannot be null or empty"), ctx);
    public static Exception ExceptEmpty(string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg));
    public static Exception ExceptEmpty(this IExceptionContext ctx, string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg), ctx);
    public static Exception ExceptWhiteSpace(string paramName) => Process(new ArgumentOutOfRangeException(paramName, $"{paramName} cannot be null or white space"));
    public static Exception ExceptWhiteSpace(this IExceptionContext ctx, string paramName) => Process(new ArgumentOutOfRangeException(paramName, $"{paramName} cannot be null or white space"), ctx);
    public static Exception ExceptDecode() => Process(new FormatException());
    public static Exception ExceptDecode(this IExceptionContext ctx) => Process(new FormatException(), ctx);
    public static Exception ExceptDecode(string msg) => Process(new FormatException(msg));
    public static Exception ExceptDecode(this IExceptionContext ctx, string msg) => Process(new FormatException(msg), ctx);
    public static Exception ExceptDecode(string msg, params object[] args) => Process(new FormatException(Format(msg, args)));
    public static Exception ExceptDecode(this IExceptionContext ctx, string msg, params object[] args) => Process(new FormatException(Format(msg, args)), ctx);
    public static Exception ExceptDecode(Exception inner, string msg) => Process(new FormatException(msg, inner));
    public static Exception ExceptDecode(this IExceptionContext ctx, Exception inner, string msg) => Process(new FormatException(msg, inner), ctx);
    public static Exception ExceptDecode(Exception inner, string msg, params object[] args) => Process(new FormatException(Format(msg, args), inner));
    public static Exception ExceptDecode(this IExceptionContext ctx, Exception inner, string msg, params object[] args) => Process(new FormatException(Format(msg, args), inner), ctx);
    public static Exception ExceptIO() => Process(new IOException());
    public static Exception ExceptIO(this IExceptionContext ctx) => Process(new IOException(), ctx);
    public static Exception ExceptIO(string msg) => Process(new IOException(msg));
    public static Exception ExceptIO(this IExceptionContext ctx, string msg) => Process(new IOException(msg), ctx);
    public static Exception ExceptIO(string msg, params object[] args) => Process(new IOException(Format(msg, args)));
    public static Exception ExceptIO(this IExceptionContext ctx, string msg, params object[] args) => Process(new IOException(Format(msg, args)), ctx);
    public static Exception ExceptIO(Exception inner, string msg) => Process(new IOException(msg, inner));
    public static Exception ExceptIO(this IExceptionContext ctx, Exception inner, string msg) => Process(new IOException(msg, inner), ctx);
    public static Exception ExceptIO(Exception inner, string msg, params object[] args) => Process(new IOException(Format(msg, args), inner));
    public static Exception ExceptIO(this IExceptionContext ctx, Exception inner, string msg, params object[] args) => Process(new IOException(Format(msg, args), inner), ctx);
    public static Exception ExceptNotSupp() => Process(new NotSupportedException());
    public static Exception ExceptNotSupp(this IExceptionContext ctx) => Process(new NotSupportedException(), ctx);
    public static Exception ExceptNotSupp(string msg) => Process(new NotSupportedException(msg));
    public static Exception ExceptNotSupp(this IExceptionContext ctx, string msg) => Process(new NotSupportedException(msg), ctx);
    public static Exception ExceptNotSupp(string msg, params object[] args) => Process(new NotSupportedException(Format(msg, args)));
    public static Exception ExceptNotSupp(this IExceptionContext ctx, string msg, params object[] args) => Process(new NotSupportedException(Format(msg, args)), ctx);
    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName) => Process(new ArgumentOutOfRangeException(paramName, $"Could not find {columnRole} column '{columnName}'"));
    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName) => Process(new ArgumentOutOfRangeException(paramName, $"Could not find {columnRole} column '{columnName}'"), ctx);
    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName, string expectedType, string actualType) => Process(new ArgumentOutOfRangeException(paramName, $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}"));
    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName, string expectedType, string actualType) => Process(new ArgumentOutOfRangeException(paramName, $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}"), ctx);

    public static void Check(bool f)
    {
        if (!f)
        {
            throw Except();
        }
    }

    public static void Check(this IExceptionContext ctx, bool f)
    {
        if (!f)
        {
            throw Except(ctx);
        }
    }

    public static void Check(bool f, string msg)
    {
        if (!f)
        {
            throw Except(msg);
        }
    }

    public static void Check(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
        {
            throw Except(ctx, msg);
        }
    }

    public static void CheckUserArg(bool f, string name)
    {
        if (!f)
        {
            throw ExceptUserArg(name);
        }
    }

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name)
    {
        if (!f)
        {
            throw ExceptUserArg(ctx, name);
        }
    }

    public static void CheckUserArg(bool f, string name, string msg)
    {
        if (!f)
        {
            throw ExceptUserArg(name, msg);
        }
    }

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name, string msg)
    {
        if (!f)
        {
            throw ExceptUserArg(ctx, name, msg);
        }
    }

    public static void CheckParam(bool f, string paramName)
    {
        if (!f)
        {
            throw ExceptParam(paramName);
        }
    }

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName)
    {
        if (!f)
        {
            throw ExceptParam(ctx, paramName);
        }
    }

    public static void CheckParam(bool f, string paramName, string msg)
    {
        if (!f)
        {
            throw ExceptParam(paramName, msg);
        }
    }

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName, string msg)
    {
        if (!f)
        {
            throw ExceptParam(ctx, paramName, msg);
        }
    }

    public static T CheckRef<T>(T val, string paramName)
        where T : class
    {
        if (val is null)
        {
            throw ExceptValue(paramName);
        }

        return val;
    }

    public static T CheckRef<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
    {
        if (val is null)
        {
            throw ExceptValue(ctx, paramName);
        }

        return val;
    }

    public static void CheckValue<T>(T val, string paramName)
        where T : class
    {
        if (val is null)
        {
            throw ExceptValue(paramName);
        }
    }

    public static void CheckValue<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
    {
        if (val is null)
        {
            throw ExceptValue(ctx, paramName);
        }
    }

    public static T CheckValue<T>(T val, string paramName, string msg)
        where T : class
    {
        if (val is null)
        {
            throw ExceptValue(paramName, msg);
        }

        return val;
    }

    public static T CheckValue<T>(this IExceptionContext ctx, T val, string paramName, string msg)
        where T : class
    {
        if (val is null)
        {
            throw ExceptValue(ctx, paramName, msg);
        }

        return val;
    }

    public static string CheckNonEmpty(string s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
        {
            throw ExceptEmpty(paramName);
        }

        return s;
    }

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
        {
            throw ExceptEmpty(ctx, paramName);
        }

        return s;
    }

    public static string CheckNonEmpty(string s, string paramName, string msg)
    {
        if (string.IsNullOrEmpty(s))
        {
            throw ExceptEmpty(paramName, msg);
        }

        return s;
    }

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName, string msg)
    {
        if (string.IsNullOrEmpty(s))
        {
            throw ExceptEmpty(ctx, paramName, msg);
        }

        return s;
    }

    public static string CheckNonWhiteSpace(string s, string paramName)
    {
        if (string.IsNullOrWhiteSpace(s))
        {
            throw ExceptWhiteSpace(paramName);
        }

        return s;
    }

    public static string CheckNonWhiteSpace(this IExceptionContext ctx, string s, string paramName)
    {
        if (string.IsNullOrWhiteSpace(s))
        {
            throw ExceptWhiteSpace(ctx, paramName);
        }

        return s;
    }

    public static T[] CheckNonEmpty<T>(T[] args, string paramName)
    {
        if (args == null || args.Length == 0)
        {
            throw ExceptEmpty(paramName);
        }

        return args;
    }

    public static T[] CheckNonEmpty<T>(this IExceptionContext ctx, T[] args, string paramName)
    {
        if (args == null || args.Length == 0)
        {
            throw ExceptEmpty(ctx, paramName);
        }

        return args;
    }

    public static T[] CheckNonEmpty<T>(T[] args, string paramName, string msg)
    {
        if (args == null || args.Length == 0)
        {
            throw ExceptEmpty(paramName, msg);
        }

        return args;
    }

    public static T[] CheckNonEmpty<T>(this IExceptionContext ctx, T[] args, string paramName, string msg)
    {
        if (args == null || args.Length == 0)
        {
            throw ExceptEmpty(ctx, paramName, msg);
        }

        return args;
    }

    public static void CheckDecode(bool f)
    {
        if (!f)
        {
            throw ExceptDecode();
        }
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f)
    {
        if (!f)
        {
            throw ExceptDecode(ctx);
        }
    }

    public static void CheckDecode(bool f, string msg)
    {
        if (!f)
        {
            throw ExceptDecode(msg);
        }
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
        {
            throw ExceptDecode(ctx, msg);
        }
    }

    public static void CheckIO(bool f)
    {
        if (!f)
        {
            throw ExceptIO();
        }
    }

    public static void CheckIO(this IExceptionContext ctx, bool f)
    {
        if (!f)
        {
            throw ExceptIO(ctx);
        }
    }

    public static void CheckIO(bool f, string msg)
    {
        if (!f)
        {
            throw ExceptIO(msg);
        }
    }

    public static void CheckIO(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
        {
            throw ExceptIO(ctx, msg);
        }
    }

    private static string Format(string msg, object[] args) => string.Format(CultureInfo.InvariantCulture, msg, args);
}
