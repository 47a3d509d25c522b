namespace MLExtensions.Serving;

/// <summary>Says why requests failed.</summary>
internal static class Faults
{
    private const int Longest = 300, Most = 5;

    /// <summary>Prints the reasons that were given most often.</summary>
    internal static void Print(IEnumerable<string?> faults)
    {
        foreach (var reason in faults.OfType<string>().GroupBy(fault => fault.ReplaceLineEndings(" ")).OrderByDescending(same => same.Count()).Take(Most))
        {
            Console.WriteLine($"- {reason.Count()} times: {reason.Key[..Math.Min(reason.Key.Length, Longest)]}");
        }
    }
}
