namespace MLExt.Reports.Html;

/// <summary>How reports look.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet. Colours are never the only sign of anything.</summary>
    public static Markup Sheet => Markup.OfConstant("""
        :root{--back:#fff;--text:#1b1f24;--soft:#57606a;--line:#d8dee4;--panel:#f6f8fa;--one:#0b63ce;--two:#b35900;--good:#1a7f37;--bad:#cf222e}
        @media (prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--soft:#9198a1;--line:#30363d;--panel:#161b22;--one:#58a6ff;--two:#f0a35e;--good:#3fb950;--bad:#ff7b72}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:70rem;padding:1.5rem 1rem 4rem;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
        header{border-bottom:1px solid var(--line);margin-bottom:1rem}
        header p,.note{color:var(--soft);margin:.25rem 0 1rem}
        h1{font-size:1.7rem;margin:0;overflow-wrap:anywhere}
        h2{font-size:1.2rem;margin:2.2rem 0 .8rem}
        h3{font-size:1rem;margin:1rem 0 .4rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:0}
        .tiles div{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem}
        .tiles dt{color:var(--soft);font-size:.85rem}
        .tiles dd{margin:0;font-size:1.5rem;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}
        figure{margin:0}
        svg{display:block;width:100%;height:auto}
        svg text{fill:var(--soft);font:11px system-ui,sans-serif}
        svg .grid{stroke:var(--line)}
        svg .axis{stroke:var(--soft)}
        svg .line{fill:none;stroke-width:2;stroke-linejoin:round}
        svg .one{stroke:var(--one)}svg .two{stroke:var(--two);stroke-dasharray:6 3}
        svg circle.one,svg rect.one{fill:var(--one);stroke:none}svg circle.two{fill:var(--two);stroke:none}
        svg .whisker{fill:none;stroke:var(--text);stroke-width:1.5}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        th,td{padding:.3rem .6rem;border:1px solid var(--line);text-align:right}
        th[scope=col]:first-child{text-align:left}
        th{background:var(--panel);font-weight:600}
        td{white-space:nowrap}
        td.text,th[scope=row]{text-align:left;white-space:normal;overflow-wrap:break-word;max-width:32rem}
        table.confusion td{min-width:2.6rem;text-align:center}
        table.confusion td.zero{color:var(--soft)}
        table.confusion td.right{background:color-mix(in srgb,var(--good) var(--share),transparent)}
        table.confusion td.wrong{background:color-mix(in srgb,var(--bad) var(--share),transparent)}
        .bar{display:inline-block;width:5rem;height:.6rem;margin-right:.5rem;background:var(--panel);border:1px solid var(--line)}
        .bar i{display:block;height:100%;background:var(--one)}
        ul.images{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.75rem}
        ul.images li{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.5rem;font-size:.85rem;overflow-wrap:anywhere}
        ul.images img,ul.images .none{display:block;width:100%;aspect-ratio:1;object-fit:contain;background:var(--back);margin-bottom:.4rem}
        ul.images.pairs{grid-template-columns:repeat(auto-fill,minmax(15rem,1fr))}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:.4rem}
        ul.images .path{color:var(--soft);font-size:.75rem}
        .yes{color:var(--good);font-weight:600}.no{color:var(--bad);font-weight:600}
        details{margin:.8rem 0}summary{cursor:pointer;color:var(--soft)}
        @media print{body{max-width:none}section{break-inside:avoid}}
        """);
}
