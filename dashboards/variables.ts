import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { datasource } from './panels/panel.ts';

/** A data source by its uid and name in Grafana. */
export interface SourceChoice {
  readonly uid: string;
  readonly name: string;
}

/** Builds the dashboard variable of the data source that all panels ask; `source` is the one that is chosen at first. */
export function datasourceVariable(source: SourceChoice | undefined): Builder<VariableModel> {
  const variable = new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus');
  return source === undefined
    ? variable.current({ selected: true, text: 'default', value: 'default' })
    : variable.regex(`/${source.name}/i`).current({ selected: true, text: source.name, value: source.uid });
}

/** Builds a dashboard variable whose choices are all values of a label. */
export function labelVariable(
  name: string,
  label: string,
  {
    of,
    isOne = false,
    isHidden = false,
  }: { readonly of: string; readonly isOne?: boolean; readonly isHidden?: boolean },
): Builder<VariableModel> {
  const query = `label_values(${of}, ${label})`;
  const variable = new QueryVariableBuilder(name)
    .label(name)
    .datasource(datasource)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NumericalAsc);
  if (isHidden) variable.hide(VariableHide.HideVariable);
  if (isOne) return variable;
  return variable
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: 'All', value: '$__all' });
}

/** Builds a dashboard variable with given choices, text by value, of which `first` is selected. */
export function choiceVariable(
  name: string,
  label: string,
  { choices, first }: { readonly choices: ReadonlyMap<string, string>; readonly first: string },
): Builder<VariableModel> {
  const all = [...choices].map(([value, text]) => ({ selected: value === first, text, value }));
  const [chosen = { selected: true, text: first, value: first }] = all.filter(({ selected }) => selected);
  return new CustomVariableBuilder(name)
    .label(label)
    .values(all.map(({ text, value }) => (text === value ? value : `${text} : ${value}`)).join(','))
    .current(chosen)
    .options(all);
}
