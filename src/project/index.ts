export { applyInit } from './apply-init.ts'
export { commitProject, refuseInnerFolder, refuseRepository } from './commit-project.ts'
export {
  ciSystems,
  deployTargets,
  isKitWanted,
  isPinned,
  leaveOwnPackageJson,
  readKit,
  type Kit,
} from './kit.ts'
export { nextSteps } from './next-steps.ts'
export { planInit, type InitPlan, type InitRequest, type PlannedFile } from './plan-init.ts'
export { projectProblems } from './problems.ts'
export { ignoresPackages, isProject, surveyFolder, type PathState, type Survey } from './survey-folder.ts'
export { readTemplate, templateNames, type Template, type TemplateName } from './template.ts'
