import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** What expressions may name: `inputs`, `steps`, `github`, `runner` and so on, as JSON. */
export type Contexts = Readonly<Record<string, unknown>>

const NO_ARGUMENTS = { minArgs: 0, maxArgs: 0 }

/** How the job stands, for the functions that conditions ask. */
export interface JobStatus {
  readonly hasFailed: boolean
  readonly isCancelled: boolean
}

/** The text that the runner makes of `${{ … }}` in a value of a workflow. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression, contexts, { hasFailed: false, isCancelled: false }).coerceString(),
  )
}

/** Whether a step with this `if` runs: as GitHub has it, only while nothing has failed unless it asks for the status. */
export function isDue(condition: string | undefined, contexts: Contexts, status: JobStatus): boolean {
  const expression = (condition ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1')
  const asksStatus = /\b(?:always|success|failure|cancelled)\(\)/.test(expression)
  const whole = asksStatus ? expression : `success() && (${expression})`
  const value = evaluate(whole, contexts, status)
  return value.coerceString() !== '' && value.coerceString() !== 'false' && value.coerceString() !== '0'
}

function evaluate(expression: string, contexts: Contexts, { hasFailed, isCancelled }: JobStatus) {
  const answers = {
    always: true,
    success: !hasFailed && !isCancelled,
    failure: hasFailed,
    cancelled: isCancelled,
  }
  const functions = Object.entries(answers).map(([name, answer]) => {
    return { name, ...NO_ARGUMENTS, call: () => new data.BooleanData(answer) }
  })
  const { tokens } = new Lexer(expression).lex()
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse()
  const dictionary = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary
  return new Evaluator(parsed, dictionary, new Map(functions.map((entry) => [entry.name, entry]))).evaluate()
}
