using MLExt.Training;

namespace MLExt.Reports.Html;

/// <summary>The curves of a training run.</summary>
internal static class CurveSection
{
    /// <summary>The section; null where no epoch was reported.</summary>
    public static ReportSection? Of(IReadOnlyList<CurvePoint> curve) => curve.Count == 0 ? null : new("Training", Markup.Of($"""
        <div class="charts">
        {LineChart.Draw("Accuracy", "epoch", Lines(curve, p => p.TrainAccuracy, p => p.ValidationAccuracy), isShare: true)}
        {LineChart.Draw("Loss", "epoch", Lines(curve, p => p.TrainLoss, p => p.ValidationLoss), isShare: false)}
        </div>
        <p class="note">Training images are varied while training, which makes them harder than the validation images.</p>
        <details><summary>The numbers</summary><div class="scroll"><table>
        <tr><th scope="col">Epoch</th><th scope="col">Seconds</th><th scope="col">Training loss</th><th scope="col">Training accuracy</th><th scope="col">Validation loss</th><th scope="col">Validation accuracy</th></tr>
        {curve.Select(p => Markup.Of($"""
            <tr><th scope="row">{p.Epoch}</th><td>{p.Seconds:0.0}</td><td>{p.TrainLoss:0.0000}</td><td>{p.TrainAccuracy:0.0000}</td><td>{Number(p.ValidationLoss)}</td><td>{Number(p.ValidationAccuracy)}</td></tr>
            """))}
        </table></div></details>
        """));

    private static ChartSeries[] Lines(IReadOnlyList<CurvePoint> curve, Func<CurvePoint, float?> training, Func<CurvePoint, float?> validation) =>
        [new("training", "two", Points(curve, training)), new("validation", "one", Points(curve, validation))];

    private static (double X, double Y)[] Points(IReadOnlyList<CurvePoint> curve, Func<CurvePoint, float?> value) =>
        [.. curve.Where(p => value(p) is not null).Select(p => ((double)p.Epoch, (double)value(p)!.Value))];

    private static Markup Number(float? value) => value is { } number ? Markup.Of($"{number:0.0000}") : default;
}
