// @neurite/testing, by its path: core may not depend on what depends on core.
export {
  checkGradient,
  recordingBackend,
  sampleNumbers,
} from '../../../testing/src/index.ts';
