import { mcpOperations } from '../mcp-operations.ts'
import type { Rule } from '../rule.ts'

export const mcpOperationId: Rule = {
  id: 'mcp-operation-id',
  code: 'E1060',
  severity: 'warning',
  summary: 'Operations that are MCP tools have an operationId.',
  visit: {
    project: ({ routes, report }) => {
      for (const { method, template, operation } of mcpOperations(routes)) {
        if (operation.value['operationId'] !== undefined) continue
        report({
          at: operation,
          part: 'key',
          message: `${method} ${template} is offered as an MCP tool and has no \`operationId\` to be named by`,
          hint: 'Add an `operationId`, or `x-barbacane-mcp: { enabled: false }`.',
        })
      }
    },
  },
}
