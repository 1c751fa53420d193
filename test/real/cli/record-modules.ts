import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Loaded with `--import`: writes the URL of every module that a process loads to the file RECORDED_MODULES when it ends. */
const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env['RECORDED_MODULES'] ?? '', loaded.join('\n')));
