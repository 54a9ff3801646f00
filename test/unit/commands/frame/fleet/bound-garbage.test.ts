import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'

import { GARBAGE_FLAGS } from '../../../../../src/commands/frame/fleet/bound-garbage.ts'

describe('boundGarbage', () => {
  it('tells V8 nothing that it does not know', () => {
    const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
    for (const flag of GARBAGE_FLAGS) assert.ok(known.includes(`\n  ${flag.split('=')[0]} `), flag)
  })
})
