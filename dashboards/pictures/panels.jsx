import { FieldType, getFieldDisplayName, reduceField } from '@grafana/data';
import { BigValue, TimeSeries } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { Annotations } from './annotations.jsx';

const numbersOf = (frame) => frame.fields.filter(({ type }) => type === FieldType.number);

/** Lines over time, or over another number (`trend`), by the component that Grafana's own panel once was. */
function Lines({ panel, frames, range, annotations, theme, width, height }) {
  const xField = panel.options?.xField;
  const fields = xField && {
    x: (field) => field.name === xField,
    y: (field) => field.type === FieldType.number && field.name !== xField,
  };
  const legend = {
    showLegend: true,
    displayMode: 'list',
    placement: 'bottom',
    calcs: [],
    ...panel.options?.legend,
  };
  return (
    <TimeSeries
      frames={frames}
      structureRev={1}
      timeRange={range}
      timeZone="utc"
      width={width}
      height={height}
      legend={legend}
      options={panel.options ?? {}}
      {...(fields && { fields })}
    >
      {(config) => (xField ? null : <Annotations config={config} annotations={annotations} theme={theme} />)}
    </TimeSeries>
  );
}

/** A number for each field, with the sparkline of its range. */
function Stats({ panel, frames, theme, width, height }) {
  const {
    colorMode = 'value',
    graphMode = 'area',
    textMode = 'auto',
    reduceOptions,
    orientation,
    justifyMode = 'auto',
  } = panel.options ?? {};
  const calc = reduceOptions?.calcs?.[0] ?? 'lastNotNull';
  const found = frames.flatMap((frame) => numbersOf(frame).map((field) => ({ frame, field })));
  const cells = found.length === 0 ? [undefined] : found;
  const isAcross = orientation !== 'horizontal';
  const [cellWidth, cellHeight] = isAcross ? [width / cells.length, height] : [width, height / cells.length];
  return (
    <div style={{ display: 'flex', flexDirection: isAcross ? 'row' : 'column' }}>
      {cells.map((cell) => {
        const title = cell === undefined ? '' : getFieldDisplayName(cell.field, cell.frame, frames);
        const noValue = { text: panel.fieldConfig?.defaults?.noValue ?? '–', numeric: Number.NaN };
        const value = cell && {
          ...cell.field.display(reduceField({ field: cell.field, reducers: [calc] })[calc]),
        };
        if (value && (textMode === 'value_and_name' || textMode === 'name' || cells.length > 1))
          value.title = title;
        const isSpark = cell && graphMode === 'area' && cell.field.values.length > 1;
        return (
          <BigValue
            key={title}
            theme={theme}
            width={cellWidth}
            height={cellHeight}
            value={value ?? noValue}
            colorMode={colorMode}
            graphMode={graphMode}
            textMode={textMode}
            justifyMode={justifyMode}
            {...(isSpark && { sparkline: { y: cell.field, x: cell.frame.fields[0] } })}
          />
        );
      })}
    </div>
  );
}

/** The table, with the sorting that the dashboard begins with. */
function Tabled({ panel, frames, width, height }) {
  const [frame] = frames;
  if (frame === undefined || frame.length === 0) return <Empty panel={panel} />;
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      initialSortBy={panel.options?.sortBy ?? []}
      cellHeight={panel.options?.cellHeight ?? 'sm'}
    />
  );
}

/** Stands in for Grafana's state timeline, which is not among its published components: a strip for each series. */
function States({ frames, theme, range, height }) {
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  return (
    <div
      style={{
        display: 'grid',
        gridAutoRows: `${Math.min(28, height / Math.max(1, frames.length))}px`,
        overflow: 'hidden',
      }}
    >
      {frames.map((frame) => {
        const [time, value] = frame.fields;
        const name = getFieldDisplayName(value, frame, frames);
        return (
          <div key={name} style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
            <span style={{ width: 150, fontSize: 11, overflow: 'hidden', whiteSpace: 'nowrap' }}>{name}</span>
            <svg width="100%" height="18" viewBox="0 0 1000 18" preserveAspectRatio="none">
              <title>state over time</title>
              {value.values.map((one, row) => {
                const x = (at) => (1000 * (at - from)) / (to - from);
                const end = time.values[row + 1] ?? time.values[row] + 15_000;
                const { color } = value.display(one);
                const fill =
                  color === 'transparent'
                    ? theme.colors.background.secondary
                    : theme.visualization.getColorByName(color);
                return (
                  <rect
                    key={time.values[row]}
                    x={x(time.values[row])}
                    width={x(end) - x(time.values[row])}
                    height="18"
                    fill={fill}
                  />
                );
              })}
            </svg>
          </div>
        );
      })}
    </div>
  );
}

/** Stands in for what needs a Grafana server, and says so. */
function StandIn({ panel }) {
  return (
    <div style={{ padding: 12, opacity: 0.7 }}>
      Grafana draws “{panel.type}” here from what its server knows.
    </div>
  );
}

function Empty({ panel }) {
  return <div style={{ padding: 12 }}>{panel.fieldConfig?.defaults?.noValue ?? 'No data'}</div>;
}

const kinds = { timeseries: Lines, trend: Lines, stat: Stats, table: Tabled, 'state-timeline': States };

/** Draws a panel by its type. */
export function PanelBody(props) {
  const Kind = kinds[props.panel.type] ?? StandIn;
  const isEmpty =
    props.frames.every((frame) => frame.length === 0) && ['timeseries', 'trend'].includes(props.panel.type);
  return isEmpty ? <Empty panel={props.panel} /> : <Kind {...props} />;
}
