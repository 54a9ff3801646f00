import type { ListrDefaultRendererLogLevels } from 'listr2'

import { formatDuration } from './quantities.ts'
import type { Style } from './style.ts'

export type StepState = 'done' | 'unchanged' | 'skipped' | 'planned'

/** How a step ended, with a few words on what came of it. */
export interface StepOutcome {
  readonly state: StepState
  readonly detail: string
}

export interface Step {
  readonly name: string
  readonly run: () => Promise<StepOutcome>
}

export interface StepReport extends StepOutcome {
  readonly name: string
}

export interface StepDisplay {
  /** `live` redraws a list on a terminal, `lines` writes a line a step, `none` is silent. */
  readonly mode: 'live' | 'lines' | 'none'
  readonly stream: NodeJS.WriteStream
  readonly style: Style
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number
}

/** Runs steps one after the other and shows how they go; the first that throws ends the run with its error. */
export async function runSteps(steps: readonly Step[], display: StepDisplay): Promise<readonly StepReport[]> {
  const reports: StepReport[] = []
  const perform = async (step: Step): Promise<StepReport> => {
    const report = { name: step.name, ...(await step.run()) }
    reports.push(report)
    return report
  }
  if (display.mode === 'live') await runLive(steps, perform, display)
  else for (const step of steps) await runInLines(step, perform, display)
  return reports
}

type Perform = (step: Step) => Promise<StepReport>

async function runInLines(step: Step, perform: Perform, display: StepDisplay): Promise<void> {
  const { stream, style, mode, monotonicMs } = display
  const startedMs = monotonicMs()
  const write = (text: string) => mode === 'lines' && stream.write(`${step.name}: ${text}\n`)
  try {
    const { state, detail } = await perform(step)
    write(`${paint(state, style)} ${detail} ${style.dim(`(${formatDuration(monotonicMs() - startedMs)})`)}`)
  } catch (error) {
    write(style.red('failed'))
    throw error
  }
}

async function runLive(steps: readonly Step[], perform: Perform, { stream }: StepDisplay): Promise<void> {
  const { Listr, ListrLogger, ProcessOutput } = await import('listr2')
  // Left alone, listr2 draws on stdout, which belongs to the result.
  const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
    processOutput: new ProcessOutput(stream, stream),
  })
  const tasks = steps.map((step) => ({
    title: step.name,
    task: async (_context: unknown, task: { title: string; skip: (message: string) => void }) => {
      const { state, detail } = await perform(step)
      if (state === 'skipped') task.skip(`${step.name}: ${detail}`)
      else task.title = `${step.name}: ${state === 'done' ? '' : `${state}, `}${detail}`
    },
  }))
  await new Listr(tasks, { renderer: 'default', rendererOptions: { logger, showErrorMessage: false } }).run()
}

function paint(state: StepState, style: Style): string {
  return state === 'done' ? style.green(state) : state === 'skipped' ? style.yellow(state) : style.cyan(state)
}
