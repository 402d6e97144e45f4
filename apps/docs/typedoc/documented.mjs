// A plugin of TypeDoc: every export of every door has a docstring, or the build fails. Those that are listed in
// undocumented.json had none when this was written: the list may only become shorter.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';

const listed = new Set(JSON.parse(readFileSync(join(import.meta.dirname, 'undocumented.json'), 'utf8')));

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
    const bare = exported.filter((reflection) => !isDocumented(reflection)).map((each) => each.getFullName());
    for (const name of bare) if (!listed.has(name)) app.logger.error(`${name} has no docstring`);
    for (const name of listed) {
      if (!bare.includes(name))
        app.logger.info(`${name} has a docstring now: take it from undocumented.json`);
    }
  });
}
