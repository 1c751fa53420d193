import { escaped } from '../../../what-if/report/svg-text.ts';

/** Things of which a reader chooses one, as radio buttons: the report has no script. */
interface Choice {
  readonly name: string;
  readonly legend: string;
  readonly options: readonly { readonly text: string; readonly detail?: string; readonly share?: number }[];
  readonly chosen: number;
}

/** The buttons. `share` of an option, 0–1, is drawn as a bar. */
export function choice({ name, legend, options, chosen }: Choice): string {
  const buttons = options.map(({ text, detail, share }, index) => {
    const bar = share === undefined ? '' : `<i style="width:${Math.round(100 * share)}%"></i>`;
    const more = detail === undefined ? '' : `<small>${escaped(detail)}</small>`;
    const checked = index === chosen ? ' checked' : '';
    return `<input type="radio" name="${name}" id="${name}-${index}"${checked}><label for="${name}-${index}">${escaped(text)}${more}${bar}</label>`;
  });
  return `<fieldset><legend>${escaped(legend)}</legend><div class="options">${buttons.join('\n')}</div></fieldset>`;
}

/** CSS that hides what has the class of an option that is not chosen: option 2 of `day` shows all of class `of-day-2`. */
export function choiceRules(name: string, count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `body:not(:has(#${name}-${index}:checked)) .of-${name}-${index} { display: none }`,
  ).join('\n');
}
