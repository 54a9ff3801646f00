import { celEnv, isCelError, parse, plan } from '@bufbuild/cel'

import { planPredicate, type Value } from '../src/predicate/index.ts'
import { median } from './measure.ts'

const rounds = Number(process.argv[2] ?? 9)
const evaluations = 20_000

interface Approver {
  readonly name: string
  readonly role: string
}

interface Subject {
  readonly method: string
  readonly path: string
  readonly groups: readonly string[]
  readonly approvers: readonly Approver[]
}

const declarations = {
  'request.method': { type: 'string', summary: '' },
  'request.path': { type: 'string', summary: '' },
  groups: { type: { list: 'string' }, summary: '' },
  approvers: { type: { list: 'dyn' }, summary: '' },
} as const

const accessors = {
  'request.method': (subject: Subject) => subject.method,
  'request.path': (subject: Subject) => subject.path,
  groups: (subject: Subject) => subject.groups,
  approvers: (subject: Subject) => subject.approvers as unknown as readonly Value[],
}

const workloads: readonly (readonly [name: string, source: string, byHand: (subject: Subject) => boolean])[] =
  [
    [
      'method and path',
      'request.method == "POST" && request.path.startsWith("/orders/")',
      ({ method, path }) => method === 'POST' && path.startsWith('/orders/'),
    ],
    [
      'a group among 5',
      '"admin" in groups || groups.exists(g, g.startsWith("ops-"))',
      ({ groups }) => groups.includes('admin') || groups.some((group) => group.startsWith('ops-')),
    ],
    [
      'two seniors among 20 approvers',
      'approvers.filter(a, a.role == "senior").size() >= 2 && request.method == "POST"',
      ({ approvers, method }) =>
        approvers.filter(({ role }) => role === 'senior').length >= 2 && method === 'POST',
    ],
    [
      'a regular expression on the path',
      'request.path.matches("^/orders/[0-9]+/items$")',
      ({ path }) => /^\/orders\/[0-9]+\/items$/.test(path),
    ],
  ]

const subject: Subject = {
  method: 'POST',
  path: '/orders/4711/items',
  groups: ['sales', 'eu', 'readers', 'writers', 'ops-emea'],
  approvers: Array.from({ length: 20 }, (_, index) => ({
    name: `person-${index}`,
    role: index % 5 === 4 ? 'senior' : 'junior',
  })),
}
/** As the planner of the peer wants its attributes. */
const bindings = {
  request: new Map([
    ['method', subject.method],
    ['path', subject.path],
  ]),
  groups: [...subject.groups],
  approvers: subject.approvers.map((approver) => new Map(Object.entries(approver))),
}

/** The median of nanoseconds an evaluation, with the contenders in turn. */
function compare(contenders: Readonly<Record<string, () => boolean>>): Record<string, number> {
  const samples: Record<string, number[]> = {}
  for (let round = -2; round < rounds; round++) {
    for (const [name, evaluate] of Object.entries(contenders)) {
      const started = process.hrtime.bigint()
      for (let count = 0; count < evaluations; count++) {
        if (!evaluate()) throw new Error(`${name} gave another value`)
      }
      const nanos = Number(process.hrtime.bigint() - started) / evaluations
      if (round >= 0) (samples[name] ??= []).push(nanos)
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, median(all)]))
}

console.log(
  '| predicate | by hand ns | barbacane ns | @bufbuild/cel ns | cel ÷ barbacane |\n|---|---|---|---|---|',
)
for (const [name, source, byHand] of workloads) {
  const ours = planPredicate<typeof declarations, Subject>(source, { declarations, accessors })
  const theirs = plan(celEnv(), parse(source))
  const result = compare({
    hand: () => byHand(subject),
    ours: () => {
      const decision = ours(subject)
      return 'value' in decision && decision.value
    },
    theirs: () => {
      const value = theirs(bindings)
      return !isCelError(value) && value === true
    },
  })
  const { hand = 0, ours: own = 0, theirs: peer = 0 } = result
  console.log(
    `| ${name} | ${hand.toFixed(0)} | ${own.toFixed(0)} | ${peer.toFixed(0)} | ${(peer / own).toFixed(1)} |`,
  )
}
