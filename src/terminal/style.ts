import { styleText } from 'node:util'

type Paint = (text: string) => string

/** How text is set off for one stream; without colour every function returns its text as it is. */
export interface Style {
  readonly coloured: boolean
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly yellow: Paint
  readonly green: Paint
  readonly cyan: Paint
}

/** The style of a stream: ANSI sequences when coloured, plain text otherwise. */
export function createStyle(coloured: boolean): Style {
  const paint =
    (format: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'): Paint =>
    (text) =>
      coloured ? styleText(format, text, { validateStream: false }) : text
  return {
    coloured,
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    yellow: paint('yellow'),
    green: paint('green'),
    cyan: paint('cyan'),
  }
}
