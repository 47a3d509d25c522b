using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MLExtensions.Mutants;

/// <summary>Finds the ways in which a file can be broken, by its syntax alone; some do not compile.</summary>
internal static class MutantFinder
{
    private static readonly Dictionary<string, string> Opposites = Pairs(("add", "sub"), ("Add", "Sub"), ("mul", "div"), ("Mul", "Div"), ("Min", "Max"), ("amin", "amax"), ("Gt", "Lt"), ("sin", "cos"), ("OrderBy", "OrderByDescending"));
    private static readonly HashSet<string> Steps = ["add", "Add", "sub", "Sub", "mul", "Mul", "div", "Div", "exp", "log", "neg", "sqrt", "Square", "ClampMin", "masked_fill", "MaskedFill", "softmax", "tanh", "relu", "contiguous", "detach"];
    private static readonly HashSet<string> AxisTakers = ["sum", "mean", "amax", "amin", "softmax", "log_softmax", "unsqueeze", "squeeze", "select", "narrow", "flip", "cat", "stack", "split", "chunk", "argmax", "norm", "var", "index_select", "gather", "topk", "flatten", "repeat_interleave"];

    /// <summary>All of a file's mutants, in the order of the text.</summary>
    public static IEnumerable<Mutant> Find(string path)
    {
        var tree = CSharpSyntaxTree.ParseText(File.ReadAllText(path));
        return tree.GetRoot().DescendantNodes(IsBroken)
            .SelectMany(node => Of(node).Where(way => way.Replacement != way.Of.ToString()).Select(way =>
                new Mutant(path, tree.GetLineSpan(way.Of.Span).StartLinePosition.Line + 1, way.Kind, way.Of.Span, way.Of.ToString(), way.Replacement)));
    }

    // What an error says is not broken, and neither are names.
    private static bool IsBroken(SyntaxNode node) => node is not (ThrowStatementSyntax or ThrowExpressionSyntax or InterpolatedStringExpressionSyntax or AttributeListSyntax or UsingDirectiveSyntax or TypeSyntax)
        && node is not InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } };

    private static IEnumerable<(SyntaxNode Of, MutantKind Kind, string Replacement)> Of(SyntaxNode node) => node switch
    {
        BinaryExpressionSyntax binary => OfBinary(binary),
        PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.UnaryMinusExpression) && !IsAxis(unary) => [(unary, MutantKind.Sign, $"{unary.Operand}")],
        PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.UnaryMinusExpression) => [(unary, MutantKind.SwappedAxis, $"({unary} - 1)")],
        PrefixUnaryExpressionSyntax unary when unary.IsKind(SyntaxKind.LogicalNotExpression) => [(unary, MutantKind.RemovedCheck, $"{unary.Operand}")],
        AssignmentExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.PlusEqualsToken } sum => [(sum, MutantKind.Sign, $"{sum.Left} -= {sum.Right}")],
        AssignmentExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.MinusEqualsToken } difference => [(difference, MutantKind.Sign, $"{difference.Left} += {difference.Right}")],
        LiteralExpressionSyntax { Token.Value: int number } literal => OfNumber(literal, number),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } call => OfCall(call, member, member.Name.Identifier.Text),
        IfStatementSyntax choice => [(choice.Condition, MutantKind.RemovedCheck, EndsThere(choice) ? $"false && ({choice.Condition})" : $"!({choice.Condition})")],
        ConditionalExpressionSyntax choice => [(choice.Condition, MutantKind.RemovedCheck, $"!({choice.Condition})")],
        ExpressionStatementSyntax statement when statement.Expression is InvocationExpressionSyntax or AssignmentExpressionSyntax => [(statement, MutantKind.DroppedTerm, ";")],
        _ => [],
    };

    private static IEnumerable<(SyntaxNode, MutantKind, string)> OfBinary(BinaryExpressionSyntax binary)
    {
        var (left, right) = (binary.Left, binary.Right);
        return binary.Kind() switch
        {
            SyntaxKind.AddExpression when IsText(left) || IsText(right) => [],
            SyntaxKind.AddExpression => [(binary, MutantKind.Sign, $"{left} - {right}"), (binary, MutantKind.DroppedTerm, $"{left}")],
            SyntaxKind.SubtractExpression => [(binary, MutantKind.Sign, $"{left} + {right}"), (binary, MutantKind.DroppedTerm, $"{left}")],
            SyntaxKind.MultiplyExpression => [(binary, MutantKind.Sign, $"{left} / {right}"), (binary, MutantKind.DroppedTerm, $"{left}")],
            SyntaxKind.DivideExpression => [(binary, MutantKind.Sign, $"{left} * {right}"), (binary, MutantKind.DroppedTerm, $"{left}")],
            SyntaxKind.LessThanExpression => [(binary, MutantKind.OffByOne, $"{left} <= {right}")],
            SyntaxKind.LessThanOrEqualExpression => [(binary, MutantKind.OffByOne, $"{left} < {right}")],
            SyntaxKind.GreaterThanExpression => [(binary, MutantKind.OffByOne, $"{left} >= {right}")],
            SyntaxKind.GreaterThanOrEqualExpression => [(binary, MutantKind.OffByOne, $"{left} > {right}")],
            SyntaxKind.EqualsExpression => [(binary, MutantKind.RemovedCheck, $"{left} != {right}")],
            SyntaxKind.NotEqualsExpression => [(binary, MutantKind.RemovedCheck, $"{left} == {right}")],
            SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression => [(binary, MutantKind.RemovedCheck, $"{left}"), (binary, MutantKind.RemovedCheck, $"{right}")],
            _ => [],
        };
    }

    private static IEnumerable<(SyntaxNode, MutantKind, string)> OfNumber(LiteralExpressionSyntax literal, int number)
    {
        if (literal.Parent is PrefixUnaryExpressionSyntax sign && IsAxis(sign))
        {
            return [];
        }

        var (more, less) = (Text(number + 1), Text(number - 1));
        return IsAxis(literal) ? [(literal, MutantKind.SwappedAxis, number == 0 ? more : less)]
            : number > 0 ? [(literal, MutantKind.OffByOne, more), (literal, MutantKind.OffByOne, less)]
            : [(literal, MutantKind.OffByOne, more)];
    }

    private static IEnumerable<(SyntaxNode, MutantKind, string)> OfCall(InvocationExpressionSyntax call, MemberAccessExpressionSyntax member, string name)
    {
        var arguments = call.ArgumentList.Arguments;
        var isStatement = call.Parent is ExpressionStatementSyntax;
        if (Opposites.TryGetValue(name.TrimEnd('_'), out var opposite) && !(isStatement && name == "Add"))
        {
            yield return (call, MutantKind.Sign, $"{member.Expression}.{opposite}{(name.EndsWith('_') ? "_" : "")}{call.ArgumentList}");
        }

        if (Steps.Contains(name.TrimEnd('_')) && !isStatement)
        {
            yield return (call, name == "neg" ? MutantKind.Sign : MutantKind.DroppedTerm, $"{member.Expression}");
        }

        if (name == "transpose")
        {
            yield return (call, MutantKind.SwappedAxis, $"{member.Expression}");
        }

        if (name is "permute" or "transpose" && arguments.Count > 2)
        {
            yield return (call.ArgumentList, MutantKind.SwappedAxis, $"({string.Join(", ", [arguments[1], arguments[0], .. arguments.Skip(2)])})");
        }
    }

    // An axis by number: an argument of a function of tensors that takes one, or x.shape[i].
    private static bool IsAxis(ExpressionSyntax number)
    {
        if (number.Parent is ArgumentSyntax { Parent: BracketedArgumentListSyntax { Parent: ElementAccessExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "shape" } } } })
        {
            return true;
        }

        var call = number.Ancestors().TakeWhile(node => node is ArgumentSyntax or ArgumentListSyntax or CollectionExpressionSyntax or ExpressionElementSyntax or InvocationExpressionSyntax).OfType<InvocationExpressionSyntax>().FirstOrDefault();
        var name = call?.Expression switch
        {
            MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
            IdentifierNameSyntax plain => plain.Identifier.Text,
            _ => "",
        };
        return AxisTakers.Contains(name) && (number.Parent is not ArgumentSyntax { NameColon: null } argument || call!.ArgumentList.Arguments.IndexOf(argument) == (name is "cat" or "stack" ? 1 : 0));
    }

    private static bool EndsThere(IfStatementSyntax choice) =>
        choice.Else is null && (choice.Statement is BlockSyntax block ? block.Statements.LastOrDefault() : choice.Statement) is ThrowStatementSyntax or ReturnStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax;

    private static bool IsText(ExpressionSyntax expression) => expression.DescendantNodesAndSelf().Any(node => node.IsKind(SyntaxKind.StringLiteralExpression) || node is InterpolatedStringExpressionSyntax);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Pairs(params (string, string)[] pairs) => pairs.Concat(pairs.Select(pair => (pair.Item2, pair.Item1))).ToDictionary();
}
