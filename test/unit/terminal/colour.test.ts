import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createStyle, isColoured, type ColourFacts } from '../../../src/terminal/index.ts'

const plain: ColourFacts = { noColorFlag: false, env: {}, isTty: true }

describe('colour', () => {
  it('is on at a terminal and off in a pipe', () => {
    assert.equal(isColoured(plain), true)
    assert.equal(isColoured({ ...plain, isTty: false }), false)
  })

  it('follows the strongest word: flag, NO_COLOR, FORCE_COLOR, TERM=dumb, terminal, CI', () => {
    const all = { NO_COLOR: '1', FORCE_COLOR: '1', TERM: 'dumb', GITHUB_ACTIONS: 'true' }
    assert.equal(isColoured({ ...plain, noColorFlag: true, env: { FORCE_COLOR: '1' } }), false)
    assert.equal(isColoured({ ...plain, env: all }), false)
    assert.equal(isColoured({ ...plain, isTty: false, env: { ...all, NO_COLOR: '' } }), true)
    assert.equal(isColoured({ ...plain, env: { FORCE_COLOR: '0', GITHUB_ACTIONS: 'true' } }), false)
    assert.equal(isColoured({ ...plain, env: { TERM: 'dumb', GITHUB_ACTIONS: 'true' } }), false)
    assert.equal(isColoured({ ...plain, isTty: false, env: { GITHUB_ACTIONS: 'true' } }), true)
  })

  it('paints only where it is on', () => {
    assert.equal(createStyle(false).red('x'), 'x')
    assert.equal(createStyle(true).red('x'), '\u001b[31mx\u001b[39m')
  })
})
