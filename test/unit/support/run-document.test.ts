import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { runDocument, runnableBlocks } from '../../support/run-document.ts'

const fence = '```'

describe('runDocument', () => {
  it('runs only what is marked', () => {
    const markdown = `${fence}sh\nfalse\n${fence}\n\n${fence}sh run\necho one\n${fence}\n`
    assert.deepEqual(runnableBlocks(markdown), ['echo one\n'])
  })

  it('goes from block to block in one session and ends at the first failure', async () => {
    const blocks = ['x=1', 'echo "x is $x"; false', 'echo never'].map(
      (block) => `${fence}sh run\n${block}\n${fence}\n`,
    )
    const { exit, output } = await runDocument(blocks.join('\n'))
    assert.deepEqual([exit, output], [1, 'x is 1\n'])
  })
})
