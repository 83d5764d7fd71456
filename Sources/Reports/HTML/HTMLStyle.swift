/// How pages look: in the light and in the dark, on telephones and on paper.
enum HTMLStyle {
    static let text = """
        :root {
          --bg: #ffffff; --panel: #f5f6f8; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --link: #0550ae;
          --s0: #0072b2; --s1: #e69f00; --s2: #009e73; --s3: #cc79a7; --s4: #56b4e9; --s5: #d55e00; --s6: #7f6fc9;
          --s7: #b0b8c1; --s8: #6b7785; --s9: #8c564b; --bad: #d1242f; --fault: rgba(209, 36, 47, 0.16);
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --bg: #14181d; --panel: #1d232a; --ink: #e6eaef; --soft: #a3adb8; --line: #39424c; --link: #79b8ff;
            --s0: #4ba3dd; --s1: #f0b944; --s2: #3fc79f; --s3: #e09cc2; --s4: #8fd0f5; --s5: #f08a4b; --s6: #aa9df0;
            --s7: #66707b; --s8: #93a0ad; --s9: #c49c94; --bad: #ff7b72; --fault: rgba(255, 123, 114, 0.24);
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 960px; padding: 1rem 1.25rem 3rem; background: var(--bg); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0 0.25rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 2.2rem 0 0.2rem; }
        h3 { font-size: 1rem; margin: 1.4rem 0 0.3rem; }
        a { color: var(--link); }
        .skip { position: absolute; left: -999px; }
        .skip:focus { left: 1rem; background: var(--bg); padding: 0.5rem; }
        .subtitle, .question, footer, small { color: var(--soft); }
        .subtitle, .question { margin: 0 0 0.6rem; }
        nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; margin: 0.6rem 0; padding: 0; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 0.75rem;
          margin: 1rem 0; }
        .cards div { background: var(--panel); border: 1px solid var(--line); border-radius: 8px;
          padding: 0.7rem 0.9rem; }
        .cards dt { color: var(--soft); font-size: 0.85rem; }
        .cards dd { margin: 0; font-size: 1.35rem; font-weight: 600; overflow-wrap: anywhere; }
        .cards small { display: block; font-size: 0.8rem; font-weight: 400; line-height: 1.35; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; margin: 0.4rem 0; padding: 0;
          font-size: 0.85rem; }
        .swatch { display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.4em; border-radius: 2px; }
        svg { display: block; width: 100%; height: auto; }
        svg.narrow { display: none; }
        .label { font-size: 12px; fill: var(--soft); }
        .label.name, .label.point { fill: var(--ink); }
        .label.mark { fill: var(--bad); font-weight: 700; }
        .grid { stroke: var(--line); stroke-width: 1; }
        .axis { stroke: var(--soft); stroke-width: 1; }
        .edge { stroke: var(--bad); stroke-width: 1; stroke-dasharray: 3 3; }
        .limit { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 8 4; } .swatch.limit { background: var(--bad); }
        .zero { stroke: var(--ink); stroke-width: 1.5; }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .s0 { fill: var(--s0); background: var(--s0); } .s1 { fill: var(--s1); background: var(--s1); }
        .s2 { fill: var(--s2); background: var(--s2); } .s3 { fill: var(--s3); background: var(--s3); }
        .s4 { fill: var(--s4); background: var(--s4); } .s5 { fill: var(--s5); background: var(--s5); }
        .s6 { fill: var(--s6); background: var(--s6); } .s7 { fill: var(--s7); background: var(--s7); }
        .s8 { fill: var(--s8); background: var(--s8); } .s9 { fill: var(--s9); background: var(--s9); }
        rect[class^="s"] { stroke: var(--bg); stroke-width: 0.5; }
        .line.l0 { stroke: var(--s8); } .line.l1 { stroke: var(--s0); } .line.l2 { stroke: var(--s5); }
        .line.l3 { stroke: var(--s2); } .line.l4 { stroke: var(--s3); } .line.l5 { stroke: var(--s1); }
        .area.l0 { fill: var(--s7); fill-opacity: 0.35; }
        .swatch.l0 { background: var(--s8); } .swatch.l1 { background: var(--s0); }
        .swatch.l2 { background: var(--s5); } .swatch.l3 { background: var(--s2); }
        .swatch.l4 { background: var(--s3); } .swatch.l5 { background: var(--s1); }
        .fault { fill: var(--fault); } .swatch.fault { background: var(--fault); border: 1px solid var(--bad); }
        .ready { fill: var(--s2); background: var(--s2); } .booting { fill: var(--s4); background: var(--s4); }
        .notready { fill: var(--bad); background: var(--bad); } .cordoned { fill: var(--s1); background: var(--s1); }
        .front { fill: var(--s0); background: var(--s0); } .behind { fill: var(--s7); background: var(--s7); }
        .frontline { stroke: var(--s0); stroke-dasharray: 4 4; }
        .shown { fill: var(--s0); background: var(--s0); } .unshown { fill: var(--s8); background: var(--s8); }
        .whisker { stroke-width: 3; } .whisker.shown { stroke: var(--s0); } .whisker.unshown { stroke: var(--s8); }
        .fan90 { fill: var(--s0); fill-opacity: 0.2; } .fan50 { fill: var(--s0); fill-opacity: 0.4; }
        .swatch.fan90 { background: var(--s0); opacity: 0.35; } .swatch.fan50 { background: var(--s0); opacity: 0.65; }
        details { margin: 0.4rem 0 0.8rem; }
        summary { cursor: pointer; color: var(--link); font-size: 0.9rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 0.9rem; margin: 0.3rem 0; }
        caption { text-align: left; color: var(--soft); font-size: 0.85rem; padding-bottom: 0.2rem; }
        th, td { text-align: left; padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid var(--line);
          vertical-align: top; font-weight: 400; max-width: 30rem; }
        thead th { border-bottom: 2px solid var(--line); white-space: nowrap; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        th button { all: unset; cursor: pointer; font-weight: 600; }
        th button:focus-visible, a:focus-visible, summary:focus-visible, .scroll:focus-visible {
          outline: 2px solid var(--link); outline-offset: 2px; }
        th[aria-sort] button::after { content: " \\25B2"; font-size: 0.7em; }
        th[aria-sort="descending"] button::after { content: " \\25BC"; }
        pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 0.8rem;
          overflow-x: auto; font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
        footer { margin-top: 3rem; font-size: 0.85rem; overflow-wrap: anywhere; }
        @media (max-width: 600px) {
          body { padding: 0.75rem 0.9rem 2rem; }
          .cards { grid-template-columns: 1fr 1fr; gap: 0.5rem; }
          .cards dd { font-size: 1.15rem; }
          table { width: max-content; min-width: 100%; }
          svg.wide { display: none; }
          svg.narrow { display: block; }
        }
        @media print {
          :root { --bg: #ffffff; --panel: #ffffff; --ink: #000000; --soft: #333333; --line: #bbbbbb; --link: #000000; }
          body { max-width: none; padding: 0; font-size: 11pt; print-color-adjust: exact;
            -webkit-print-color-adjust: exact; }
          nav, .skip, summary { display: none; }
          h2, h3, .question, thead { break-after: avoid; }
          pre { white-space: pre-wrap; }
          table { font-size: 8.5pt; }
          section, .chart, tr { break-inside: avoid; }
          section:has(table) { break-inside: auto; }
          .scroll { overflow: visible; }
          svg.wide { display: block; } svg.narrow { display: none; }
        }
        """
}
