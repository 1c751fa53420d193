#!/usr/bin/env node
import { existsSync } from 'node:fs';

// A checkout runs its source. An installed package has only what was built from it, because Node runs no TypeScript
// below node_modules.
const source = new URL('../src/cli/main.ts', import.meta.url);
const built = new URL('../dist/cli/main.js', import.meta.url);
await import(existsSync(source) ? source.href : built.href);
