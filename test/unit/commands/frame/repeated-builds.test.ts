import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'

import { REPEATED_BUILD_FLAG } from '../../../../src/commands/frame/repeated-builds.ts'

describe('expectRepeatedBuilds', () => {
  it('tells V8 nothing that it does not know', () => {
    const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
    const name = REPEATED_BUILD_FLAG.replace('--no-', '--')
    assert.ok(known.includes(`\n  ${name} `), name)
  })
})
