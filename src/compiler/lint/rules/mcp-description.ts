import { isObject } from '../../../domain/index.ts'
import { mcpOperations } from '../mcp-operations.ts'
import { MCP } from '../plugin-uses.ts'
import type { Rule } from '../rule.ts'

export const mcpDescription: Rule = {
  id: 'mcp-description',
  code: 'E1061',
  severity: 'warning',
  summary: 'Operations that are MCP tools say what they are for.',
  visit: {
    project: ({ routes, report }) => {
      for (const { method, template, operation } of mcpOperations(routes)) {
        const { summary, description, [MCP]: mcp } = operation.value
        const texts = [summary, description, isObject(mcp) ? mcp['description'] : undefined]
        if (texts.some((text) => typeof text === 'string' && text.trim() !== '')) continue
        report({
          at: operation,
          part: 'key',
          message: `${method} ${template} is offered as an MCP tool and does not say what it is for`,
          hint: 'Add a `summary` or a `description`: it is all that a model knows of the tool.',
        })
      }
    },
  },
}
