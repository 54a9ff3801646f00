/** A part of a path template between two slashes. */
interface TemplateSegment {
  readonly text: string
  readonly parameters: readonly string[]
  /** `{name+}`: takes the rest of the path. */
  readonly isGreedy: boolean
}

export interface PathTemplate {
  readonly segments: readonly TemplateSegment[]
  readonly parameters: readonly string[]
  /** The template with every parameter name removed: templates of one shape match the same requests. */
  readonly shape: string
}

type ParsedTemplate = PathTemplate | { readonly fault: string }

/** Takes a path template apart; the text of what is wrong with it where that cannot be done. */
export function parseTemplate(template: string): ParsedTemplate {
  const known = remembered.get(template)
  if (known !== undefined) return known
  const parsed = parse(template)
  if (remembered.size === MAX_REMEMBERED) remembered.clear()
  remembered.set(template, parsed)
  return parsed
}

/** Several rules ask for each template, and each operation of a path again. */
const remembered = new Map<string, ParsedTemplate>()
const MAX_REMEMBERED = 2000

function parse(template: string): ParsedTemplate {
  if (!template.startsWith('/')) return { fault: 'it does not begin with a slash' }
  if (/[?#]/.test(template)) return { fault: 'it has a query or a fragment; a path ends before `?` and `#`' }
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\u0000-\u0020\u007f]/.test(template)) return { fault: 'it has a space or a control character' }
  const segments: TemplateSegment[] = []
  const texts = template.slice(1).split('/')
  for (const [index, text] of texts.entries()) {
    if (text === '' && index < texts.length - 1) return { fault: 'it has an empty segment (`//`)' }
    const plain = plainSegment(text)
    if (plain !== undefined) {
      segments.push(plain)
      continue
    }
    const fault = segmentFault(text)
    if (fault !== undefined) return { fault }
    const names = [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '')
    const isGreedy = names.some((name) => name.endsWith('+'))
    segments.push({ text, parameters: names.map((name) => name.replace(/\+$/, '')), isGreedy })
  }
  const parameters = segments.flatMap((segment) => segment.parameters)
  const repeated = parameters.find((name, index) => parameters.indexOf(name) !== index)
  if (repeated !== undefined) return { fault: `the parameter {${repeated}} stands in it twice` }
  return { segments, parameters, shape: template.replaceAll(/\{[^{}]*?(\+?)\}/g, '{$1}') }
}

/** Nearly every segment is a literal or one parameter. */
function plainSegment(text: string): TemplateSegment | undefined {
  if (!/[{}]/.test(text)) return { text, parameters: [], isGreedy: false }
  const isParameter = /^\{[\w.~-]+\}$/.test(text)
  return isParameter ? { text, parameters: [text.slice(1, -1)], isGreedy: false } : undefined
}

function segmentFault(text: string): string | undefined {
  const literal = text.replaceAll(/\{[^{}]*\}/g, '')
  if (/[{}]/.test(literal)) return `the braces of \`${text}\` do not match`
  if (text.includes('}{')) return `nothing separates the parameters of \`${text}\``
  for (const [, name = ''] of text.matchAll(/\{([^{}]*)\}/g)) {
    if (name.replace(/\+$/, '') === '') return 'a parameter has no name'
    if (!/^[\w.~-]+\+?$/.test(name)) {
      return `the parameter name \`${name}\` has other characters than letters, digits and \`_ - . ~\``
    }
  }
  return undefined
}
