import { whatIf } from '../../src/cli/actions/what-if.ts';
import { flags } from '../../src/cli/commands/what-if.ts';
import { readFlags } from '../../src/cli/flags.ts';
import { trafficCsv } from './made-traffic.ts';

/** The command of the tutorial whose output it shows. Group 1: its flags behind the file. */
const shownCommand = /^npm exec forescale -- what-if --csv requests\.csv (.*)$/m;

/**
 * What `forescale what-if` of the tutorial prints of four weeks of made traffic, but for the legend. Throws where the document shows
 * no such command.
 */
export async function tutorialOutput(document: string): Promise<string> {
  const [, shown] = shownCommand.exec(document) ?? [];
  if (shown === undefined) throw new Error('the tutorial has no what-if of requests.csv');
  const texts = Object.fromEntries(
    [...shown.matchAll(/--([a-z-]+) (\S+)/g)].map(([, name = '', value]) => [camelCase(name), value]),
  );
  let printed = '';
  const io = {
    stdout: (text: string) => {
      printed += text;
    },
    stderr: () => undefined,
    stdin: bytesOf(trafficCsv()),
    isTty: false,
    env: {},
  };
  await whatIf(readFlags('what-if', flags, { ...texts, csv: '-' }, { env: {} }), io);
  return `\`\`\`text\n${printed.slice(0, printed.indexOf('\nshort: '))}\`\`\`\n`;
}

function camelCase(flag: string): string {
  return flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

async function* bytesOf(lines: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const line of lines) yield Buffer.from(line);
}
