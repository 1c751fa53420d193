/** The parts of an iCalendar file that are read one by one. */
interface CalendarParts {
  /** Texts of VEVENT and VTIMEZONE components. */
  readonly events: readonly string[];
  readonly zones: readonly string[];
  /** What the file calls its own zone; undefined where it does not. */
  readonly zoneName: string | undefined;
}

/** Longest component, characters: a larger one has an attachment, which says nothing of time. */
const longestComponent = 200_000;

/**
 * Cuts an iCalendar file into its components, so that one that cannot be read costs no other, and a large file takes little memory.
 * Throws an error that says why the text is no whole calendar: a part of one would be one without the events of the rest.
 */
export function calendarParts(text: string): CalendarParts & { readonly tooLong: number } {
  if (!/^\uFEFF?BEGIN:VCALENDAR\s*$/im.test(text.slice(0, 4096))) throw new Error('it is no iCalendar file');
  if (!/^END:VCALENDAR\s*$/im.test(text.slice(-4096)))
    throw new Error('it is cut off: END:VCALENDAR is missing');
  let tooLong = 0;
  const cut = (name: string) => {
    const found: string[] = [];
    const begin = new RegExp(`^BEGIN:${name}[ \\t]*\\r?$`, 'gim');
    const end = new RegExp(`^END:${name}[ \\t]*\\r?$`, 'gim');
    for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
      end.lastIndex = match.index;
      const last = end.exec(text);
      if (last === null) throw new Error(`it is cut off: END:${name} is missing`);
      begin.lastIndex = end.lastIndex;
      if (end.lastIndex - match.index > longestComponent) tooLong++;
      else found.push(text.slice(match.index, end.lastIndex));
    }
    return found;
  };
  const [, zoneName] = /^X-WR-TIMEZONE(?:;[^:\r\n]*)?:([^\r\n]+?)\s*$/im.exec(text) ?? [];
  return { events: cut('VEVENT'), zones: cut('VTIMEZONE'), zoneName, tooLong };
}
