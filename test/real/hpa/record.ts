import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { recordHpa } from './record-hpa.ts';

/** Records the real HPA controller anew, which takes a quarter of an hour: `node test/real/hpa/record.ts [SYNCS]`. */
const syncs = Number(process.argv[2] ?? 520);
const recording = await recordHpa(syncs);
const file = fileURLToPath(new URL('../../pure/controllers/recorded-hpa.json', import.meta.url));
const { runs, ...head } = recording;
const lines = runs.map((run) => JSON.stringify(run));
writeFileSync(file, `${JSON.stringify(head).slice(0, -1)},"runs":[\n${lines.join(',\n')}\n]}\n`);
process.stdout.write(`written: ${file}\n`);
