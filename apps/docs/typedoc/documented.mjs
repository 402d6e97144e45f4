// A plugin of TypeDoc: every export of every door has a docstring, or the build fails.
import { Application, ReflectionKind } from 'typedoc';

/** Functions have theirs on their signatures. */
const isDocumented = (reflection) =>
  reflection.hasComment() ||
  reflection.signatures?.some((signature) => signature.hasComment()) ||
  reflection.type?.declaration?.signatures?.some((signature) => signature.hasComment());

export function load(app) {
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    const exported = project
      .getReflectionsByKind(ReflectionKind.Module)
      .flatMap((module) => module.children ?? [])
      .filter((reflection) => !reflection.isReference());
    for (const reflection of exported)
      if (!isDocumented(reflection)) app.logger.error(`${reflection.getFullName()} has no docstring`);
  });
}
