/** The source of a file that the image runs: `dist/cli/main.js` is built of `src/cli/main.ts`. */
export function sourceOfBuilt(file: string): string {
  return file.replace(/^dist\/(.+)\.js$/, 'src/$1.ts');
}
