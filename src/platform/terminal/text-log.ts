import type { DestinationStream } from 'pino';
import { visible } from './visible.ts';

/** A line of the log as pino writes it. */
interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
}

/** Fields that are the same on every line of a process. */
const everywhere = ['level', 'time', 'msg', 'app', 'pid'];

/**
 * Writes lines of JSON as lines for people: `2026-01-06T09:00:00.000Z WARN refresh-failed query="sum(x)" failures=3`. These few lines
 * stand in place of pino-pretty, whose output is of several lines and which would bring a dozen packages into the image.
 */
export function textLines(to: DestinationStream): DestinationStream {
  return {
    write(json) {
      const line = JSON.parse(json) as LogLine;
      const fields = Object.entries(line)
        .filter(([name, value]) => !everywhere.includes(name) && value !== undefined)
        .map(([name, value]) => ` ${name}=${inText(value)}`);
      to.write(`${line.time} ${line.level.toUpperCase().padEnd(5)} ${line.msg}${fields.join('')}\n`);
    },
  };
}

/** A word as it is, anything else as JSON, so that no value can begin a line of its own or look like another field. */
function inText(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@%+-]+$/.test(value)) return value;
  return visible(JSON.stringify(value));
}
