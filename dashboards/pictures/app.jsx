import { createTheme, dateTime } from '@grafana/data';
import { GlobalStyles, PanelChrome, ThemeContext } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import 'uplot/dist/uPlot.min.css';
import '@grafana/react-data-grid/lib/styles.css';
import { framesOf } from './frames.js';
import { PanelBody } from './panels.jsx';

/** Height of a row of the grid and the gap between panels, as Grafana has them. */
const [rowHeight, gap] = [30, 8];

const picture = await (await fetch('/picture.json')).json();
const { dashboard, results, annotations, variables, range: asked } = picture;
const isLight = new URLSearchParams(location.search).get('theme') === 'light';
// Grafana's own font is not among its packages; labels are measured and drawn in the same one.
const theme = createTheme({
  colors: { mode: isLight ? 'light' : 'dark' },
  typography: { fontFamily: 'sans-serif' },
});
const range = {
  from: dateTime(asked.from * 1000),
  to: dateTime(asked.to * 1000),
  raw: { from: 'now', to: 'now' },
};
const recent = { ...range, from: dateTime(asked.now * 1000 - 600_000), to: dateTime(asked.now * 1000) };

/** `$name`, `${name}` and `${name:text}` by what was chosen; what only Grafana knows is left as it is. */
const textOf = (name) =>
  dashboard.templating.list
    .find((variable) => variable.name === name)
    ?.options?.find(({ value }) => value === variables[name])?.text ?? variables[name];
const replaceVariables = (text) =>
  text.replaceAll(/\$(?:\{(\w+)(:text)?\}|(\w+))/g, (all, braced, isText, bare) =>
    isText ? textOf(braced) : (variables[braced ?? bare] ?? all),
  );

const drawn = await Promise.all(
  dashboard.panels.map(async (panel) => ({
    panel,
    frames:
      panel.type === 'row' ? [] : await framesOf(panel, results[panel.id] ?? {}, { theme, replaceVariables }),
  })),
);

function Panel({ panel, frames, column }) {
  const { x, y, w, h } = panel.gridPos;
  const style = {
    position: 'absolute',
    left: x * column,
    top: y * (rowHeight + gap),
    width: w * column - gap,
    height: h * (rowHeight + gap) - gap,
  };
  if (panel.type === 'row')
    return <h3 style={{ ...style, fontSize: 16, paddingTop: 8 }}>⌄ {replaceVariables(panel.title)}</h3>;
  return (
    <div style={style} data-panel={panel.id}>
      <PanelChrome
        width={style.width}
        height={style.height}
        title={replaceVariables(panel.title)}
        description={panel.description}
        titleItems={(panel.links ?? []).length > 0 ? <span title="links">🔗</span> : undefined}
        padding={panel.type === 'table' ? 'none' : 'md'}
      >
        {(width, height) => (
          <PanelBody
            panel={panel}
            frames={frames}
            annotations={annotations}
            theme={theme}
            range={panel.timeFrom ? recent : range}
            width={width}
            height={height}
          />
        )}
      </PanelChrome>
    </div>
  );
}

function Board() {
  const width = document.documentElement.clientWidth - 2 * gap;
  const rows = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
  const shown = dashboard.templating.list.filter(({ hide }) => hide !== 2);
  return (
    <div style={{ padding: gap }}>
      <h2>{dashboard.title}</h2>
      <p>{shown.map(({ name, label }) => `${label ?? name}: ${textOf(name) ?? '–'}`).join('  ·  ')}</p>
      <p>
        {annotations.map(({ name, color, marks }) => (
          <span key={name} style={{ marginRight: 16 }}>
            <span style={{ color: theme.visualization.getColorByName(color) }}>▬</span> {name}:{' '}
            <span data-annotation={name}>{marks.map(({ title }) => title).join(', ') || 'none'}</span>
          </span>
        ))}
      </p>
      <div style={{ position: 'relative', height: rows * (rowHeight + gap) }}>
        {drawn.map(({ panel, frames }) => (
          <Panel key={panel.id} panel={panel} frames={frames} column={width / 24} />
        ))}
      </div>
    </div>
  );
}

createRoot(document.getElementById('board')).render(
  <ThemeContext.Provider value={theme}>
    <GlobalStyles />
    <div
      style={{
        background: theme.colors.background.canvas,
        color: theme.colors.text.primary,
        minHeight: '100vh',
      }}
    >
      <Board />
    </div>
  </ThemeContext.Provider>,
);
requestAnimationFrame(() => setTimeout(() => document.body.setAttribute('data-drawn', 'true'), 500));
