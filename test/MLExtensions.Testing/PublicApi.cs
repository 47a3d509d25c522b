using System.Reflection;
using System.Text;

namespace MLExtensions.Testing;

/// <summary>An assembly's public members as text, to be compared with what was approved.</summary>
public static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>One line a type and a member, in ordinal order.</summary>
    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            var bases = type.GetInterfaces().Where(one => one.IsVisible).Select(Name).Order(StringComparer.Ordinal).ToArray();
            text.Append(Kind(type)).Append(' ').Append(type.FullName).Append(type.IsEnum || bases.Length == 0 ? "" : $" : {string.Join(", ", bases)}").Append('\n');
            foreach (var line in type.GetMembers(Declared).Where(member => member is not Type).Select(Describe).OfType<string>().Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo { IsSpecialName: true } => null,
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{ get; {(property.SetMethod?.IsPublic == true ? "set; " : "")}}}",
        FieldInfo { IsSpecialName: true } => null,
        FieldInfo { IsLiteral: true } constant => $"{constant.Name} = {constant.GetRawConstantValue()}",
        _ => member.ToString(),
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {FormattableString.Invariant($"{parameter.DefaultValue ?? "null"}")}" : "")}"));

    private static string Kind(Type type) => type.IsEnum ? "enum" : type.IsAbstract && type.IsSealed ? "static class" : type.IsSealed ? "sealed class" : "class";

    private static string Name(Type type)
    {
        if (!type.IsGenericType)
        {
            return type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;
        }

        var arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return Nullable.GetUnderlyingType(type) is null ? $"{type.Name.Split('`')[0]}<{arguments}>" : $"{arguments}?";
    }
}
