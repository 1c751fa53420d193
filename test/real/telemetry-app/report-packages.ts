import { registerHooks } from 'node:module';

/** Preloaded into an app (`--import`): says on stderr which files of packages it loads. */
registerHooks({
  load(url, context, nextLoad) {
    if (url.includes('/node_modules/')) process.stderr.write(`loads ${url}\n`);
    return nextLoad(url, context);
  },
});
