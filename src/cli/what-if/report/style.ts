/** Style of the report. It names no file and no host. */
export const style = `
:root { color-scheme: light dark; --page: #fff; --card: #f6f8fa; --text: #1f2328; --quiet: #59636e; --line: #d8dee4; --demand: #8c959f; --ours: #0a7d76; --beside: #bc6a00; --short: #cf222e }
@media (prefers-color-scheme: dark) { :root { --page: #161b22; --card: #1f262e; --text: #e6edf3; --quiet: #9198a1; --line: #30363d; --demand: #6e7681; --ours: #2bc4b6; --beside: #f0a04b; --short: #ff7b72 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1040px; padding: 24px 16px 48px; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 16px } h2 { font-size: 19px; margin: 40px 0 8px } p { margin: 8px 0; max-width: 75ch }
.verdict { padding: 12px 16px; border-left: 4px solid var(--ours); background: var(--card); border-radius: 0 8px 8px 0 } .verdict p { margin: 4px 0; max-width: none }
.quiet, small, legend { color: var(--quiet) } .quiet { font-size: 14px }
fieldset { border: 0; padding: 0; margin: 16px 0 } legend { padding: 0; margin-bottom: 6px; font-size: 14px }
.options { display: flex; flex-wrap: wrap; gap: 6px } .options input { position: absolute; opacity: 0; pointer-events: none }
.options label { position: relative; overflow: hidden; padding: 4px 12px 6px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); font-size: 14px; cursor: pointer }
.options small { display: block; font-size: 12px } .options i { position: absolute; left: 0; bottom: 0; height: 3px; background: var(--short) }
.options label:hover { border-color: var(--quiet) } .options input:checked + label { border-color: var(--text); box-shadow: inset 0 0 0 1px var(--text); font-weight: 600 }
.options input:checked + label small { font-weight: 400 } .options input:focus-visible + label { outline: 3px solid var(--ours); outline-offset: 2px }
.key { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; margin: 8px 0; list-style: none; font-size: 14px } .key li { display: flex; align-items: center; gap: 8px }
.key svg { width: 28px; height: 12px; flex: none }
.chart { margin: 12px 0 4px } .titles { display: flex; justify-content: space-between; font-size: 13px; color: var(--quiet); margin-bottom: 6px }
.plot { position: relative; height: 280px; margin: 0 44px 26px 52px } .plot svg { position: absolute; width: 100%; height: 100% }
.ys span, .xs span { position: absolute; font-size: 12px; line-height: 1; color: var(--quiet); white-space: nowrap; font-variant-numeric: tabular-nums }
.ys span { right: calc(100% + 8px); transform: translateY(50%) } .ys.right span { right: auto; left: calc(100% + 8px) } .xs span { top: calc(100% + 8px); transform: translateX(-50%) }
.x-title { text-align: center; font-size: 13px; color: var(--quiet) }
svg path { vector-effect: non-scaling-stroke } .grid { stroke: var(--line); fill: none } .demand { fill: var(--demand); fill-opacity: .35 }
.promised { stroke: var(--quiet); stroke-dasharray: 3 4; fill: none }
.line { fill: none; stroke-width: 2; stroke: var(--quiet); stroke-linejoin: round } .line.other { stroke-width: 1; stroke-opacity: .55 }
.dot { fill: none; stroke: var(--quiet); stroke-width: 6; stroke-linecap: round }
.line.ours, .dot.ours { stroke: var(--ours); stroke-opacity: 1 } .line.beside { stroke: var(--beside); stroke-dasharray: 7 3; stroke-opacity: 1 } .dot.beside { stroke: var(--beside) } .line.ours, .line.beside { stroke-width: 2.25 } .dot.ours, .dot.beside { stroke-width: 9 }
.strips { margin: 12px 44px 0 52px } .strip { margin-bottom: 8px; font-size: 13px } .strip svg { display: block; width: 100%; height: 8px; background: var(--card) }
.strip b { display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 5px; background: var(--ours) } .strip.beside b { background: var(--beside) } .short { stroke: var(--short); stroke-width: 8; fill: none }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: 14px; white-space: nowrap; font-variant-numeric: tabular-nums }
th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid var(--line) } th { font-weight: 600; color: var(--quiet) } th:first-child, td:first-child { text-align: left; padding-left: 0 }
.best { font-weight: 700; color: var(--ours) } pre { overflow-x: auto; padding: 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); font-size: 13px }
pre.words { white-space: pre-wrap; border: 0; padding: 0; background: none; color: var(--quiet); font-family: inherit; font-size: 14px }
@media (max-width: 600px) { .plot { height: 220px; margin: 0 30px 26px 40px } .strips { margin: 12px 30px 0 40px } .strip span { display: block; margin-left: -40px } .ys span { right: calc(100% + 5px); font-size: 11px } .ys.right span { left: calc(100% + 5px) } .options label { padding: 4px 9px 6px } h1 { font-size: 22px } }
@media print { .options { display: none } }
`;
