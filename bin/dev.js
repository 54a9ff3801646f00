#!/usr/bin/env node
import { dirname } from 'node:path'

import { start } from './start.js'

await start({ root: dirname(import.meta.dirname), fromSource: true })
