export { createRepository, findWorkTree } from './create-repository.ts'
export { gitProblems } from './problems.ts'
export { readCommit, type Commit } from './read-commit.ts'
export { readTree, type TreeEntry } from './read-tree.ts'
