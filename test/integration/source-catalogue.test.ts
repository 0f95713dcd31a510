import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { listSourceDefinitions } from '@guanlan/database';
import { defaultsDir, systemClock } from '@guanlan/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
