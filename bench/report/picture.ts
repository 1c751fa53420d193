import { escaped, words } from '../../src/what-if/report/svg-text.ts';

/** An SVG picture for the documents. It suits light and dark pages and contains no font and no script. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Read aloud to people who do not see the picture. */
  readonly description: string;
  readonly title: string;
  /** Lines below the title. */
  readonly subtitles: readonly string[];
  /** CSS rules of what is drawn besides words and grid; those of `dark` replace those of `light` on dark pages. */
  readonly style: { readonly light: readonly string[]; readonly dark: readonly string[] };
  readonly parts: readonly string[];
}

const light = [
  '.page { fill: #ffffff; stroke: #d8dee4 }',
  '.title { font-size: 19px; font-weight: 600 }',
  '.heading { font-size: 14px; font-weight: 600 }',
  'text { fill: #1f2328 }',
  '.quiet { fill: #59636e }',
  '.grid { stroke: #d8dee4; stroke-width: 1 }',
];
const dark = [
  '.page { fill: #161b22; stroke: #30363d }',
  'text { fill: #e6edf3 }',
  '.quiet { fill: #9198a1 }',
  '.grid { stroke: #30363d }',
];

/** CSS rules of demand as a line with the area below it, as the pictures of the day and of the demo show it. */
export const demandStyle = {
  light: [
    '.demand { fill: #8c959f; fill-opacity: 0.28; stroke: none }',
    '.demand-line { fill: none; stroke: #59636e; stroke-width: 1.4 }',
  ],
  dark: ['.demand-line { stroke: #9198a1 }'],
} as const;

/** The whole picture as SVG text. */
export function drawPicture({ width, height, description, title, subtitles, style, parts }: Picture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${escaped(description)}</title>
<style>
  svg { font-family: system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; font-size: 13px }
${[...light, ...style.light].map((rule) => `  ${rule}\n`).join('')}  @media (prefers-color-scheme: dark) {
${[...dark, ...style.dark].map((rule) => `    ${rule}\n`).join('')}  }
</style>
<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${[words(24, 34, title, 'title'), ...subtitles.map((line, index) => words(24, 57 + 19 * index, line, 'quiet')), ...parts].join('\n')}
</svg>
`;
}
