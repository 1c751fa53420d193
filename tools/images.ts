import { parseArgs } from 'node:util';
import { imageArchive, imageNames } from './images/image-archive.ts';

/** Makes the archives of the images that are named, or of all of them, without a registry, and prints where they are. */
const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !imageNames.some((known) => known === name));
if (unknown.length > 0) {
  console.error(`no image ${unknown.join(', ')}; there are ${imageNames.join(', ')}`);
  process.exit(2);
}
for (const name of imageNames) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  try {
    const { image, file } = await imageArchive(name, process.env);
    console.log(`${image}  ${file}`);
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
