import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { trafficCsv } from './made-traffic.ts';

await runAlone(
  ownCommand({
    name: 'document-traffic',
    description:
      'print four weeks of made traffic as CSV, one row per minute, on which the documents forecast',
    flags: {},
    examples: ['npm exec -c "node tools/documents/document-traffic.ts" > requests.csv'],
    act: async (_, io) => {
      for (const line of trafficCsv()) io.stdout(line);
    },
  }),
);
