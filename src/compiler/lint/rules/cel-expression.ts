import { appendPointer } from '../../../domain/index.ts'
import { checkPredicate, requestAttributes } from '../../../predicate/index.ts'
import type { Rule } from '../rule.ts'

export const celExpression: Rule = {
  id: 'cel-expression',
  severity: 'error',
  summary: 'The expression of the middleware `cel` is well-formed, and its names and types fit.',
  visit: {
    pluginUse: ({ name, type, config }, { plugins, report }) => {
      if (name !== 'cel' || type !== 'middleware' || plugins?.has(name) === true) return
      const { expression } = config.value
      // What is no text, or stands for a secret, is for other rules to say.
      if (typeof expression !== 'string' || /^(?:env|file):\/\//.test(expression)) return
      const checked = checkPredicate(expression, requestAttributes)
      if (checked.ok) return
      const { document } = config
      const pointer = appendPointer(config.pointer, 'expression')
      for (const { message, hint, offset, line, column } of checked.issues) {
        const exactly = document.locateIn(pointer, expression, offset)
        const start =
          exactly === undefined ? `At ${line}:${column} of the expression, ` : 'In the expression, '
        report({ at: { document, pointer }, exactly, message: start + message, hint })
      }
    },
  },
}
