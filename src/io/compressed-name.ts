/** A file's name without the ending of the program that compressed it: `auth.log.2` of `auth.log.2.zst`. */
export const uncompressedName = (name: string): string => name.replace(/\.(?:gz|zst|zstd|xz|bz2)$/, '');

export const isCompressedName = (name: string): boolean => uncompressedName(name) !== name;
