// @neurite/testing, by its path: core may not depend on what depends on core.
export {
  AssertionError,
  checkGradient,
  recordingBackend,
  sampleNumbers,
} from '../../../testing/src/index.ts';
