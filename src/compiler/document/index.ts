export { anchorsOf } from './anchors.ts'
export { createDocumentCache, type DocumentCache } from './document-cache.ts'
export { createDocumentSet, type DocumentSet } from './document-set.ts'
export { fileReferences, reachableFiles } from './file-references.ts'
export { beginsResource } from './identifier.ts'
export { isKnownDialect } from './known-dialect.ts'
export {
  checkSchemaRules,
  type ReportSchemaFault,
  type SchemaFault,
  type SchemaPlace,
} from './schema-fault.ts'
export { createLineIndex } from './line-index.ts'
export { loadDocuments, type LoadOptions } from './load-documents.ts'
export { oncePerSet } from './once-per-set.ts'
export { objectGraph, pathItemMethods, type NodeType } from './object-graph.ts'
export { isBeforeOpenApi32, isOpenApi32 } from './openapi-version.ts'
export { readProjectFile } from './project-file.ts'
export type { OpenRemote } from './remote.ts'
export type { Resolved } from './resolver.ts'
export { readsAsReference } from './scheme-reference.ts'
export { identifiedResources, resourcesOf, type Place, type Resource } from './resource.ts'
export { readSource, type SourceDocument } from './source-document.ts'
export { cloneTree, growTree, treeDocument, type Origin, type TreeNode } from './tree.ts'
export { recordGraph, schemaBelow, walkGraph, type GraphNode, type ObjectGraph } from './walk.ts'
