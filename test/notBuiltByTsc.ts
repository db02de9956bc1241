/**
 * `n8n-node build` runs `tsc` on tsconfig.json. That can't make this package: its libraries have to be
 * bundled, or n8n would not find them. Without the type error below it would report success and leave a
 * `dist` that does not work. The type checks of this repository, which make nothing, leave this file out.
 */
export const isBuiltBy: 'npm run build, which bundles the libraries' = 'tsc or n8n-node build';
