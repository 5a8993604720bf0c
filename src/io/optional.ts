import { type Dependency, ScopsError } from '../event/index.ts';

/**
 * Import a package that is not installed with Scops.
 * Throws ScopsError DEPENDENCY_MISSING, naming the package and the command that installs it.
 */
export async function optional<Module>(user: string, needs: Dependency, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new ScopsError(
      'DEPENDENCY_MISSING',
      `${user} needs the package ${needs.package} ${needs.version}. Run: npm install ${needs.package}@${needs.version}`,
      { cause },
    );
  }
}
