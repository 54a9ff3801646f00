import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { FrameTracker } from '../../../../src/runtime/websocket/frame-tracker.ts'

/** A frame of WebSocket, as RFC 6455 §5.2 draws it. */
function frame(opcode: number, sizeBytes: number, isMasked: boolean): Buffer {
  const length =
    sizeBytes < 126
      ? Buffer.of(sizeBytes)
      : sizeBytes < 65_536
        ? Buffer.of(126, sizeBytes >> 8, sizeBytes & 0xff)
        : Buffer.concat([Buffer.of(127), bigEndian(sizeBytes)])
  length[0] = (length[0] as number) | (isMasked ? 0x80 : 0)
  return Buffer.concat([
    Buffer.of(0x80 | opcode),
    length,
    Buffer.alloc(isMasked ? 4 : 0, 7),
    Buffer.alloc(sizeBytes, 0xff),
  ])
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

const frames = fc.array(
  fc.tuple(fc.constantFrom(0, 1, 2, 9, 10), fc.constantFrom(0, 1, 125, 126, 300, 65_536), fc.boolean()),
  { minLength: 1, maxLength: 5 },
)

describe('the tracker of frames', () => {
  it('finds their ends, however the bytes are cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat()), (list, cuts) => {
        const built = list.map(([opcode, size, isMasked]) => frame(opcode, size, isMasked))
        const bytes = Buffer.concat(built)
        const ends = new Set(built.map((_, index) => Buffer.concat(built.slice(0, index + 1)).byteLength))
        const tracker = new FrameTracker()
        const places = [...cuts.map((cut) => cut % bytes.byteLength), bytes.byteLength].toSorted(
          (a, b) => a - b,
        )
        let at = 0
        for (const place of places) {
          assert.equal(tracker.read(bytes.subarray(at, place)), place - at)
          at = place
          assert.equal(tracker.isBetweenFrames, at === 0 || ends.has(at))
        }
        assert.equal(tracker.hasClosed, false)
      }),
    )
  })

  it('stops at the end of the frame that has begun, where that is asked', () => {
    const [first, second] = [frame(2, 300, true), frame(1, 5, true)]
    const tracker = new FrameTracker()
    tracker.read(first.subarray(0, 10))
    assert.equal(tracker.read(Buffer.concat([first.subarray(10), second]), true), first.byteLength - 10)
    assert.equal(tracker.read(second, true), 0)
    assert.equal(tracker.read(second), second.byteLength)
  })

  it('knows a frame that closes', () => {
    const tracker = new FrameTracker()
    tracker.read(frame(8, 2, false).subarray(0, 1))
    assert.equal(tracker.hasClosed, false)
    tracker.read(frame(8, 2, false).subarray(1))
    assert.equal(tracker.hasClosed, true)
  })
})
