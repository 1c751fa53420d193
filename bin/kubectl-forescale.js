#!/usr/bin/env node
import { existsSync } from 'node:fs';

// `kubectl forescale …`. A checkout runs its source, an installed package what was built from it.
const source = new URL('../src/cli/kubectl/main.ts', import.meta.url);
const built = new URL('../dist/cli/kubectl/main.js', import.meta.url);
await import(existsSync(source) ? source.href : built.href);
