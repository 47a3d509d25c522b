using System.Globalization;
using MLExtensions.Accuracy.InContextRegression;

// Studies that say what accuracy to expect. Each prints a table in Markdown and, with --output FILE, writes it there.
if (args is not ["in-context-regression", ..])
{
    Console.Error.WriteLine("Usage: MLExtensions.Accuracy in-context-regression [--seeds 3] [--steps 400] [--output FILE]");
    return 2;
}

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
int seeds = int.Parse(Option("--seeds") ?? "3", CultureInfo.InvariantCulture);
int steps = int.Parse(Option("--steps") ?? "400", CultureInfo.InvariantCulture);
string table = new Study(seeds, steps, Console.Out).Run();
if (Option("--output") is { } file)
{
    File.WriteAllText(file, table + Environment.NewLine);
}

return 0;
