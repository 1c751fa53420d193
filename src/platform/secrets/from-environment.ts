/** What is shown in the place of a text that comes from the environment of pods (`…FromEnv`), because it may be a secret. */
export const fromEnvironment = '(from the environment, not shown)';
