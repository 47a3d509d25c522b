using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The classes that can be made by name, as the assemblies registered so far declare them.</summary>
public sealed class ComponentCatalog
{
    private readonly object _lock = new();
    private readonly HashSet<string> _assemblies = new();
    private readonly Dictionary<(string Name, Type Signature), Func<IHostEnvironment, object[], object>> _makers = new();

    internal ComponentCatalog()
    {
    }

    /// <summary>Learns the loadable classes of an assembly; a second time does nothing.</summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
            {
                return;
            }

            foreach (var declared in assembly.GetCustomAttributes<LoadableClassAttribute>())
            {
                var maker = FindMaker(declared);
                if (maker == null && throwOnError)
                {
                    throw Contracts.Except($"Can't instantiate loadable class '{declared.InstanceType.Name}' with name '{declared.LoadNames[0]}'");
                }

                foreach (var name in declared.LoadNames.Where(_ => maker != null))
                {
                    _makers.TryAdd((Canonical(name), declared.SignatureType), maker);
                }
            }
        }
    }

    internal bool TryCreateInstance<TSignature>(IHostEnvironment env, out object result, string name, object[] arguments)
    {
        Func<IHostEnvironment, object[], object> maker;
        lock (_lock)
        {
            _makers.TryGetValue((Canonical(name), typeof(TSignature)), out maker);
        }

        result = maker?.Invoke(env, arguments);
        return maker != null;
    }

    private static string Canonical(string name) => name.ToLowerInvariant().Trim();

    private static Func<IHostEnvironment, object[], object> FindMaker(LoadableClassAttribute declared)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var withEnvironment in new[] { false, true })
        {
            var types = withEnvironment ? [typeof(IHostEnvironment), .. declared.CtorTypes] : declared.CtorTypes;
            var create = declared.LoaderType.GetMethod("Create", Own | BindingFlags.Static, types);
            if (create != null && declared.InstanceType.IsAssignableFrom(create.ReturnType))
            {
                return (env, arguments) => Invoke(values => create.Invoke(null, values), env, arguments, withEnvironment);
            }

            var constructor = declared.InstanceType.IsAssignableFrom(declared.LoaderType) ? declared.LoaderType.GetConstructor(Own | BindingFlags.Instance, types) : null;
            if (constructor != null)
            {
                return (env, arguments) => Invoke(constructor.Invoke, env, arguments, withEnvironment);
            }
        }

        return null;
    }

    // A failure that comes from a check is wrapped once more; others pass as reflection throws them.
    private static object Invoke(Func<object[], object> call, IHostEnvironment env, object[] arguments, bool withEnvironment)
    {
        try
        {
            return call(withEnvironment ? [env, .. arguments] : arguments);
        }
        catch (TargetInvocationException ex) when (ex.InnerException?.IsMarked() == true)
        {
            throw Contracts.Except(ex, "Error during class instantiation");
        }
    }
}
