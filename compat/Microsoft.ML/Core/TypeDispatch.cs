using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method for a type that is known only at run time.</summary>
internal static class TypeDispatch
{
    /// <summary>Calls the static method <paramref name="name"/> of <paramref name="owner"/> with the given type argument.</summary>
    public static object Call(Type owner, string name, Type typeArgument, params object[] arguments) => Invoke(owner, name, null, typeArgument, arguments);

    /// <summary>Calls the method <paramref name="name"/> of an object with the given type argument.</summary>
    public static object Call(object target, string name, Type typeArgument, params object[] arguments) => Invoke(target.GetType(), name, target, typeArgument, arguments);

    private static object Invoke(Type owner, string name, object target, Type typeArgument, object[] arguments)
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var method = owner.GetMethods(Any).Single(candidate => candidate.Name == name && candidate.IsGenericMethodDefinition && candidate.GetGenericArguments().Length == 1);
        try
        {
            return method.MakeGenericMethod(typeArgument).Invoke(target, arguments);
        }
        catch (TargetInvocationException ex)
        {
            ExceptionDispatchInfo.Throw(ex.InnerException);
            throw;
        }
    }
}
