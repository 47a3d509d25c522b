namespace MLExt.Reports.Html;

/// <summary>A part of a report with a heading.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Body">What stands under it.</param>
internal sealed record ReportSection(string Title, Markup Body);
