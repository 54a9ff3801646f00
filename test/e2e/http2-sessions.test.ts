import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { listenEcho, type EchoListener } from '../support/echo-listener.ts'
import { frame, FrameType, meaning, openRaw, PREFACE, settings } from '../support/h2-frames.ts'
import { sessionCases } from './http2/session-cases.ts'

const PROBE = Buffer.from('the end.')
const isProbe = ({ type, payload }: { type: number; payload: Buffer }) =>
  type === FrameType.ping && payload.equals(PROBE)

describe('sessions of HTTP/2, frame by frame', () => {
  let listener: EchoListener
  before(async () => {
    listener = await listenEcho({}, true)
  })
  after(() => listener.close(0))

  async function said(frames: readonly Buffer[]): Promise<string> {
    const raw = openRaw(listener.port)
    raw.send(PREFACE, settings(), ...frames)
    // What is behind everything else: once it is answered, or the connection has ended, all has been read.
    for (let rounds = 0; rounds < 3 && raw.isOpen(); rounds += 1) {
      const seen = raw.frames.length
      raw.send(frame(FrameType.ping, 0, 0, PROBE))
      await raw.until((one) => isProbe(one) && raw.frames.indexOf(one) >= seen)
    }
    const meanings = raw.frames.map(meaning).filter((text) => text !== '')
    raw.destroy()
    return meanings.join(', ')
  }

  for (const [name, frames, expected] of sessionCases) {
    it(`${name}: ${expected}`, async () => {
      assert.equal(await said(frames), expected)
    })
  }

  it('are many, each with a name of its own', () => {
    assert.ok(sessionCases.length >= 100, String(sessionCases.length))
    assert.equal(new Set(sessionCases.map(([name]) => name)).size, sessionCases.length)
  })
})
