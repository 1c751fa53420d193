import type { CommandIo } from '../src/cli/command-io.ts';
import { everyText, type FlagReading, type FlagTable } from '../src/cli/flags.ts';
import { knownNames, ownCommand, runAlone } from '../src/cli/own-program.ts';
import { imageArchive, imageNames } from './images/image-archive.ts';

const flags = {
  images: {
    name: 'image',
    isArgument: true,
    isRepeatable: true,
    meaning: `which to make, of ${imageNames.join(', ')}`,
    absent: 'all',
    ...everyText,
  },
} as const satisfies FlagTable;

async function run(reading: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const images = knownNames(reading, 'image', reading.values.images ?? imageNames, imageNames);
  reading.check();
  const failed: string[] = [];
  for (const name of images) {
    try {
      const { image, file } = await imageArchive(name, io.env, io.signal);
      io.stdout(`${image}  ${file}\n`);
    } catch (error) {
      io.signal?.throwIfAborted();
      io.stderr(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      failed.push(name);
    }
  }
  if (failed.length > 0) throw new Error(`not made: ${failed.join(', ')}`);
}

await runAlone(
  ownCommand({
    name: 'images',
    description: 'make archives of images without a registry, and print where they are',
    flags,
    notes: 'What they hold is built by `make cluster-tools`.',
    examples: ['make images', 'make images IMAGES="forescale k6"'],
    act: run,
  }),
);
