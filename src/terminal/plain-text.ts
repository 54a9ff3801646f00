// Controls, and the marks that turn the direction of text: a description must not steer a terminal.
const UNSAFE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Text of unknown origin for one line of a terminal: control characters are shown as escapes, line breaks as spaces. */
export function oneLine(text: string): string {
  return visible(text.replaceAll(/\s*\r?\n\s*/g, ' '))
}

/** Text of unknown origin with every control character, line breaks too, shown as an escape. */
export function visible(text: string): string {
  return text.replaceAll(UNSAFE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
