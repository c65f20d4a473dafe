/** The page's only style sheet: no font, image or script from anywhere; light and dark; ink where it is printed. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --tint: #f6f8fa;
  --error: #b3261e; --warning: #7d4e00; --inconclusive: #0a5f73; --info: #4a5560; --gone: #b3261e; --come: #14642d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9da7b3; --line: #3d444d; --paper: #0d1117; --tint: #161b22;
    --error: #ff8a80; --warning: #e3b341; --inconclusive: #6cc5d9; --info: #b1bac4; --gone: #ff8a80; --come: #7ee787; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; }
code, pre { font: .875rem/1.45 ui-monospace, monospace; }
pre { margin: .5rem 0; padding: .5rem .75rem; background: var(--tint); border: 1px solid var(--line); border-radius: 4px;
  overflow-x: auto; white-space: pre; }
pre mark { color: inherit; background: none; font-weight: bold; }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .1rem 1rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; }
article { margin: .75rem 0; padding: .5rem .75rem; border: 1px solid var(--line); border-left: .3rem solid; border-radius: 4px;
  break-inside: avoid; }
.error { border-left-color: var(--error); } .warning { border-left-color: var(--warning); }
.inconclusive { border-left-color: var(--inconclusive); } .info { border-left-color: var(--info); }
.word { font-weight: bold; } .error .word { color: var(--error); } .warning .word { color: var(--warning); }
.inconclusive .word { color: var(--inconclusive); } .info .word { color: var(--info); }
.soft { color: var(--soft); } del { color: var(--gone); } ins { color: var(--come); text-decoration: none; }
ul.counts { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; margin: .75rem 0; padding: 0; }
ul.plain { margin: 0; padding: 0; list-style: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--soft); }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
@media (max-width: 34rem) {
  body { padding: 1rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .25rem; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #333; --line: #999; --paper: #fff; --tint: #fff;
    --error: #000; --warning: #000; --inconclusive: #000; --info: #000; --gone: #000; --come: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; } pre { white-space: pre-wrap; } h2 { break-after: avoid; }
}
`;
