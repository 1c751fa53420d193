/** Which licences the packages that we use may have, each with the reason, by how a package is used. */
export interface LicencePolicy {
  /** Names or expressions of SPDX. */
  readonly allowed: Readonly<Record<string, string>>;
  /** Packages that state no licence where npm reads it: what was found instead, and why it may stay. */
  readonly looked: Readonly<Record<string, string>>;
}

const attribution = 'asks for its text beside the program, which THIRD_PARTY_NOTICES has';

/** For packages that the image contains and that whoever installs ours gets. */
export const shippedPolicy: LicencePolicy = {
  allowed: {
    MIT: attribution,
    ISC: attribution,
    'BSD-2-Clause': attribution,
    'BSD-3-Clause': attribution,
    'Apache-2.0': `our own; ${attribution}`,
    'BlueOak-1.0.0': attribution,
    'CC-BY-3.0':
      'of date-holidays alone, whose file LICENSE says CC BY-SA 3.0 of its list of holidays: the list is used as it is, and THIRD_PARTY_NOTICES names it with its sources',
    'MPL-2.0': `of ical.js alone: asks for changes to its own files, which we do not make; ${attribution}`,
    'PSF-2.0': attribution,
    'Python-2.0': attribution,
    Unlicense: 'asks nothing',
  },
  looked: {},
};

const asTool = 'is not shipped, and asks nothing of who runs it';

/** For packages that build, test and document: they run on machines of developers and leave nothing in what is shipped. */
export const toolPolicy: LicencePolicy = {
  allowed: {
    ...shippedPolicy.allowed,
    '0BSD': asTool,
    'Apache-2.0 WITH LLVM-exception': asTool,
    'CC0-1.0': asTool,
    Zlib: asTool,
  },
  looked: {
    'fast-shallow-equal': 'its file LICENSE is the Unlicense',
    'get-document':
      'it states no licence; it is part of what draws dashboards for those who change them, and of nothing else',
    'react-universal-interface': 'its file LICENSE is the Unlicense',
  },
};
