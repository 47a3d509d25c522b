// Names of classes, in any script.

/** The most characters of a name; the server takes no more. */
export const longestName = 200;

/** A name as it is kept: composed, so that what looks the same is the same, in one line, without blanks around it. */
export const nameOf = text => text.normalize('NFC').replace(/\p{Cc}+/gu, ' ').trim();

/** Whether there is anything to see: a name can consist of joiners and marks of direction alone. */
export const isVisible = name => /[^\p{Cc}\p{Cf}\p{Z}]/u.test(name);
