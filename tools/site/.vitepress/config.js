import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import packageFile from '../../../package.json' with { type: 'json' };
import { navigation } from '../navigation.ts';
import { linkOnSite, pagesFolder, sitePath } from '../site-path.ts';

const pageLink = (path) => `/${sitePath(path)}`;

export default defineConfig({
  title: 'Forescale',
  description: packageFile.description,
  lang: 'en-GB',
  srcDir: pagesFolder,
  transformHead: ({ siteData: { base } }) => [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }],
  ],
  // One page after the other, or the index of the search would have them in another order each time.
  buildConcurrency: 1,
  // Browsers of the last four years.
  vite: { build: { target: 'es2022' } },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // Headings are linked to as GitHub does it, and braces in a text are no attributes.
    anchor: { slugify: slug },
    attrs: { disable: true },
    // It has no grammar for PromQL; this one has the same comments, texts and calls.
    languageAlias: { promql: 'python' },
    // A line that takes longer than half a second would be coloured in part only, on a busy machine another one each time.
    shikiSetup: (highlighter) => {
      const { codeToHtml } = highlighter;
      highlighter.codeToHtml = (code, options) => codeToHtml(code, { ...options, tokenizeTimeLimit: 0 });
    },
    config: (markdown) => {
      markdown.core.ruler.push('links', ({ tokens, env }) => {
        for (const { children } of tokens) {
          for (const token of children ?? []) {
            if (token.type !== 'link_open') continue;
            token.attrSet('href', linkOnSite(env.relativePath, token.attrGet('href') ?? ''));
          }
        }
      });
    },
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          // A name with underscores is found by the whole of it and by its parts.
          options: {
            tokenize: (text) =>
              text
                .split(/[^\p{L}\p{N}_]+/u)
                .flatMap((word) => (word.includes('_') ? [word, ...word.split('_')] : [word])),
          },
          searchOptions: {
            combineWith: 'AND',
            // What holds today comes before how it came to be, and what explains before what is explained.
            boostDocument: (page) => (/CHANGELOG|docs\/adr|\.(yaml|ts|py|txt)\.html/.test(page) ? 0.3 : 1),
          },
        },
      },
    },
    outline: [2, 3],
    nav: [
      { text: 'Five minutes', link: pageLink('docs/tutorial.md') },
      { text: 'In a cluster', link: pageLink('docs/kubernetes.md') },
      { text: 'Runbooks', link: pageLink('docs/runbooks.md') },
      { text: packageFile.version, link: pageLink('CHANGELOG.md') },
      { text: 'Source', link: packageFile.homepage.split('#')[0] },
    ],
    sidebar: navigation.map(({ title, pages }) => ({
      text: title,
      items: pages.map(([path, text]) => ({ text, link: pageLink(path) })),
    })),
  },
});
