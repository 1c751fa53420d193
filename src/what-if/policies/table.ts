import type { Policy } from './contract.ts';
import { forescale } from './forescale.ts';
import { perfect } from './perfect.ts';
import { reactive } from './reactive.ts';

/** Every policy, by its name in `--policy`. */
export const policies = { reactive, forescale, perfect } satisfies Record<string, Policy>;
