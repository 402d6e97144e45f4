// A plugin of TypeDoc: modules are called as they are imported.
import { Converter, ReflectionKind } from 'typedoc';
import { doors } from './doors.mjs';

const names = new Map([...doors].map(([name, path]) => [path, name]));

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const path = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName;
    const name = names.get(path);
    if (name !== undefined) reflection.name = name;
  });
}
