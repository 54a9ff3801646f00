import * as host from './host'

/** The text of some bytes of UTF-8. */
export function textAt(pointer: usize, length: i32): string {
  return String.UTF8.decodeUnsafe(pointer, <usize>length)
}

/** Gives the gateway the result of a call. */
export function outputText(text: string): void {
  const bytes = String.UTF8.encode(text)
  host.setOutput(changetype<usize>(bytes), bytes.byteLength)
}

/** Reads a result whose length is known: -1 where there is none. */
export function readResult(length: i32, read: (pointer: usize, length: i32) => i32): string {
  if (length <= 0) return ''
  const buffer = new ArrayBuffer(length)
  const count = read(changetype<usize>(buffer), length)
  return String.UTF8.decodeUnsafe(changetype<usize>(buffer), <usize>count)
}
